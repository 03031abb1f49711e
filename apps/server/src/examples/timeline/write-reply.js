// A reply means little without the post it answers. Under the causal levels it depends on that post:
// whoever sees the reply sees the post as well, on whichever worker they read.
export default async function writeReply(author, to, text, cloud) {
  const post = await cloud.get(`post:${to}`);
  if (post === undefined) throw new Error(`There is no post ${to} to reply to.`);

  const replies = (await cloud.get(`replies:${to}`)) ?? [];
  const id = `${to}-reply-${replies.length + 1}`;
  await cloud.put(`post:${id}`, { id, author, text, replyTo: to });
  await cloud.put(`replies:${to}`, [...replies, id]);
  return id;
}
