// `cloud` is no port: it is the way to the key-value store. Every read goes to the cache of the worker
// that runs this function. What the cache does not have, it fetches from storage, once.
export default async function loadWeather(city, cloud) {
  const index = await cloud.get(`weather:${city}:index`);
  if (index === undefined) throw new Error(`There is no weather of ${city} in the store.`);

  // Several keys in one round trip; the answers come in the order of the keys.
  const chunks = await cloud.get(index.years.map((year) => `weather:${city}:${year}`));
  cloud.log(`read ${index.days} days of ${city} in ${chunks.length} chunks`);
  return { city, columns: index.columns, chunks };
}
