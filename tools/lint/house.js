// Lint rules that only this repository needs. The import table is not here: tools/tidy checks it.

/** `export *` hides what a module offers; every export is named where it leaves. */
const noExportStar = {
  create(context) {
    return {
      ExportAllDeclaration(node) {
        context.report({ node, message: 'Name each export instead of `export *`.' });
      },
    };
  },
};

/** The `z` object of zod holds every schema kind and every locale; only a namespace import sheds them. */
const zodNamespaceOnly = {
  create(context) {
    return {
      ImportDeclaration(node) {
        if (node.source.value !== 'zod' || node.importKind === 'type') return;
        if (node.specifiers.every((part) => part.type === 'ImportNamespaceSpecifier')) return;
        context.report({
          node,
          message: "Write `import * as z from 'zod'`: the named import costs the page 90 KB.",
        });
      },
    };
  },
};

export default {
  meta: { name: 'house' },
  rules: { 'no-export-star': noExportStar, 'zod-namespace-only': zodNamespaceOnly },
};
