// How warm each month is: the mean of the daily highs and lows, and the extremes.
const round = (number) => Math.round(number * 10) / 10;

export default async function summariseWarmth(grouped, cloud) {
  const warmth = grouped.months.map(({ month, days }) => {
    const sum = days.reduce((total, day) => total + (day.warmestC + day.coldestC) / 2, 0);
    return {
      month,
      meanC: round(sum / days.length),
      highestC: Math.max(...days.map((day) => day.warmestC)),
      lowestC: Math.min(...days.map((day) => day.coldestC)),
    };
  });

  // Read before written, so that it replaces the summary of the run before.
  const key = `weather:${grouped.city}:warmth`;
  await cloud.get(key);
  await cloud.put(key, warmth);
  return warmth;
}
