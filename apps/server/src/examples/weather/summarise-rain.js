// How much rain falls in each month of an average year.
export default async function summariseRain(grouped, cloud) {
  const rain = grouped.months.map(({ month, days }) => {
    const years = new Set(days.map((day) => day.year)).size;
    const totalMm = days.reduce((sum, day) => sum + day.rainMm, 0);
    const wetDays = days.filter((day) => day.rainMm > 0).length;
    return { month, rainMm: Math.round(totalMm / years), wetDays: Math.round(wetDays / years) };
  });

  // A write replaces what its function has read. Written unread, it would stand beside the summary
  // of an earlier run as a sibling. Others see it when the whole invocation commits.
  const key = `weather:${grouped.city}:rain`;
  await cloud.get(key);
  await cloud.put(key, rain);
  return rain;
}
