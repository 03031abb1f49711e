// Two edges come in, so this function waits for both summaries.
const early = ['January', 'February', 'March', 'April', 'May', 'June'];
const late = ['July', 'August', 'September', 'October', 'November', 'December'];
const names = [...early, ...late];

const rank = (months, by) =>
  months
    .toSorted((a, b) => b[by] - a[by])
    .map((each) => ({ ...each, month: names[each.month - 1] }));

export default async function rankMonths(rain, warmth, city = 'seattle', cloud) {
  const wettest = rank(rain, 'rainMm').slice(0, 3);
  const warmest = rank(warmth, 'meanC').slice(0, 3);

  // Every run reads what the run before wrote and replaces it: watch the version vector of this key grow.
  const before = await cloud.get(`weather:${city}:ranking`);
  const runs = (before?.runs ?? 0) + 1;
  const sentence =
    `${wettest[0].month} is the wettest month (${wettest[0].rainMm} mm on ${wettest[0].wetDays} days), ` +
    `${warmest[0].month} the warmest (${warmest[0].meanC} °C).`;
  await cloud.put(`weather:${city}:ranking`, { runs, sentence, wettest, warmest });
  return { sentence, wettest, warmest, runs };
}
