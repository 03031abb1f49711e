// Ann may post from two places at once. Each then adds to the list it has read, and there are two lists.
//
// Under last writer wins one of them is gone, and the post with it. Under the causal levels both are kept
// as siblings; whoever writes next reads them all and puts one list in their place. A list that was
// written at a causal level once keeps its siblings from then on, whatever level comes later.
export default async function writePost(author, text, cloud) {
  const lists = await cloud.siblings(`posts:${author}`);
  const ids = [...new Set(lists.flat())];
  if (lists.length > 1) cloud.log(`joined ${lists.length} lists of ${author}`);

  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '-')
    .slice(0, 24);
  const id = `${author}-${ids.length + 1}-${slug}`;
  await cloud.put(`post:${id}`, { id, author, text });
  await cloud.put(`posts:${author}`, [...ids, id].slice(-50));
  return id;
}
