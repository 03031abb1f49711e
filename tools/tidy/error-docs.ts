// docs/errors.md has one heading for each problem slug, and says of each the same three things.

const sections = ['Cause', 'What the user sees', 'What to do'];

/** Headings `## slug` of the page with the text below each. */
function documentedProblems(page: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of page.split(/^## /mu).slice(1)) {
    const [heading = '', ...body] = part.split('\n');
    found.set(heading.trim().replaceAll('`', ''), body.join('\n'));
  }
  return found;
}

export function errorDocProblems(page: string, slugs: readonly string[]): string[] {
  const documented = documentedProblems(page);
  const known = new Set(slugs);
  const problems: string[] = [];
  for (const slug of known) {
    const body = documented.get(slug);
    if (body === undefined) problems.push(`docs/errors.md has no heading for ${slug}`);
    else {
      const missing = sections.filter((name) => !body.includes(`**${name}**`));
      for (const name of missing) problems.push(`docs/errors.md: ${slug} lacks **${name}**`);
    }
  }
  for (const slug of documented.keys()) {
    if (!known.has(slug)) problems.push(`docs/errors.md explains ${slug}, which no code uses`);
  }
  return problems;
}
