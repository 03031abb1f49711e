// Cleo and Dan read at the same time on different branches, so each saw only what their branch had written.
// Here the branches meet: this function sees both, and how many lists Ann has now.
export default async function compareTimelines(left, right, author = 'ann', cloud) {
  const idsOf = (timeline) => timeline.posts.map((post) => post.id);
  const only = (a, b) => idsOf(a).filter((id) => !idsOf(b).includes(id));
  const lists = await cloud.siblings(`posts:${author}`);
  const kept = [...new Set(lists.flat())];
  const seen = [...new Set([...idsOf(left), ...idsOf(right)])];
  const lost = seen.filter((id) => id.startsWith(`${author}-`) && !kept.includes(id));
  return {
    [`only ${left.user} saw`]: only(left, right),
    [`only ${right.user} saw`]: only(right, left),
    siblings: lists.length,
    lost,
    verdict:
      lost.length > 0
        ? `${lost.length} of ${author}'s posts got lost: the last writer won.`
        : `Nothing got lost. Lists of ${author}'s posts: ${lists.length}.`,
  };
}
