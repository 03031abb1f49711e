// What a user sees: the newest posts of everybody they follow, each with its replies.
// The port `after` carries no value that matters; an edge into it only makes this function wait.
export default async function readTimeline(user, after = null, limit = 6, cloud) {
  const following = (await cloud.get(`following:${user}`)) ?? [];

  // The lists of all authors, siblings included, so that nothing written concurrently is overlooked.
  const lists = [];
  for (const author of following) lists.push(...(await cloud.siblings(`posts:${author}`)));
  const ids = [...new Set(lists.flat())].slice(-limit);

  const posts = await cloud.get(ids.map((id) => `post:${id}`));
  const replies = await cloud.get(ids.map((id) => `replies:${id}`));
  return {
    user,
    waitedFor: after,
    posts: ids.map((id, index) => ({
      id,
      text: posts[index]?.text ?? '(not here yet)',
      replies: (replies[index] ?? []).length,
    })),
  };
}
