// All Januaries together, all Februaries, and so on. Two edges leave this function: both summaries start
// as soon as it is done, side by side.
export default function groupByMonth(weather) {
  const months = Array.from({ length: 12 }, (_, index) => ({ month: index + 1, days: [] }));
  for (const day of weather.days) months[day.month - 1].days.push(day);
  return { city: weather.city, months };
}
