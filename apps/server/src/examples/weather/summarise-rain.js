// How much rain falls in each month of an average year.
export default async function summariseRain(grouped, cloud) {
  const rain = grouped.months.map(({ month, days }) => {
    const years = new Set(days.map((day) => day.year)).size;
    const totalMm = days.reduce((sum, day) => sum + day.rainMm, 0);
    const wetDays = days.filter((day) => day.rainMm > 0).length;
    return { month, rainMm: Math.round(totalMm / years), wetDays: Math.round(wetDays / years) };
  });

  // Written now, seen by others when the whole invocation commits.
  await cloud.put(`weather:${grouped.city}:rain`, rain);
  return rain;
}
