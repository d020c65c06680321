//! The names an expression of an attribute takes from its surroundings.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Arm, Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprWhile, Item, Local, Macro, Pat, PatIdent, Stmt};

/// What [`names`] found.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Names read by the expression itself and bound by none of its own patterns.
    pub(crate) free: Vec<Ident>,
    /// Names inside the arguments of macros, which may or may not be variables.
    pub(crate) in_macros: Vec<String>,
    /// `return`, `?` and `.await` outside closures: they would leave the generated function.
    pub(crate) escapes: Vec<(proc_macro2::Span, &'static str)>,
}

impl Names {
    /// Whether the expression reads `name`, or may read it inside a macro.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.free.iter().any(|ident| ident.unraw() == name) || self.in_macros.iter().any(|seen| seen == name)
    }
}

/// The names that `expr` takes from where it stands.
pub(crate) fn names(expr: &Expr) -> Names {
    let mut walk = Walk::default();
    walk.visit_expr(expr);
    walk.names
}

#[derive(Default)]
struct Walk {
    names: Names,
    /// Names bound by the patterns around the current place.
    bound: Vec<String>,
    /// Closures around the current place.
    closures: usize,
}

impl Walk {
    fn bind(&mut self, pat: &Pat) {
        struct Patterns<'a>(&'a mut Vec<String>);
        impl<'ast> Visit<'ast> for Patterns<'_> {
            fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
                self.0.push(pat.ident.unraw().to_string());
                visit::visit_pat_ident(self, pat);
            }
        }
        Patterns(&mut self.bound).visit_pat(pat);
    }

    /// Runs `walk` and forgets the names it bound.
    fn scoped(&mut self, walk: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        walk(self);
        self.bound.truncate(outer);
    }

    fn escape(&mut self, span: proc_macro2::Span, what: &'static str) {
        if self.closures == 0 {
            self.names.escapes.push((span, what));
        }
    }

    fn macro_names(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.names.in_macros.push(ident.unraw().to_string()),
                TokenTree::Group(group) => self.macro_names(group.stream()),
                TokenTree::Literal(literal) => self.format_names(&literal.to_string()),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// Names captured by a format string: `"{n:>3}"`.
    fn format_names(&mut self, literal: &str) {
        for part in literal.split('{').skip(1) {
            let end = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
            if end > 0 {
                self.names.in_macros.push(part[..end].to_owned());
            }
        }
    }
}

impl<'ast> Visit<'ast> for Walk {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Path(path) if path.qself.is_none() => {
                if let Some(ident) = path.path.get_ident()
                    && !self.bound.iter().any(|name| ident.unraw() == name)
                {
                    self.names.free.push(ident.clone());
                }
            }
            // The names of an `if let` or `while let` reach to the end of its `&&` chain and into the body, which
            // `visit_expr_if` and `visit_expr_while` enclose in a scope.
            Expr::Let(binding) => {
                self.visit_expr(&binding.expr);
                self.bind(&binding.pat);
            }
            Expr::Return(inner) => self.escape(inner.return_token.span, "`return`"),
            Expr::Try(inner) => {
                self.escape(inner.question_token.span, "`?`");
                self.visit_expr(&inner.expr);
            }
            Expr::Await(inner) => {
                self.escape(inner.await_token.span, "`.await`");
                self.visit_expr(&inner.base);
            }
            other => visit::visit_expr(self, other),
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.scoped(|walk| visit::visit_block(walk, block));
    }

    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        visit::visit_stmt(self, stmt);
        // A `let` binds for the statements that follow it.
        if let Stmt::Local(Local { pat, .. }) = stmt {
            self.bind(pat);
        }
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        self.scoped(|walk| {
            walk.bind(&arm.pat);
            visit::visit_arm(walk, arm);
        });
    }

    fn visit_expr_if(&mut self, expr: &'ast ExprIf) {
        self.scoped(|walk| {
            walk.visit_expr(&expr.cond);
            walk.visit_block(&expr.then_branch);
        });
        if let Some((_, otherwise)) = &expr.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, expr: &'ast ExprWhile) {
        self.scoped(|walk| visit::visit_expr_while(walk, expr));
    }

    fn visit_expr_for_loop(&mut self, expr: &'ast ExprForLoop) {
        self.visit_expr(&expr.expr);
        self.scoped(|walk| {
            walk.bind(&expr.pat);
            walk.visit_block(&expr.body);
        });
    }

    fn visit_expr_closure(&mut self, expr: &'ast ExprClosure) {
        self.scoped(|walk| {
            for input in &expr.inputs {
                walk.bind(input);
            }
            walk.closures += 1;
            walk.visit_expr(&expr.body);
            walk.closures -= 1;
        });
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.macro_names(mac.tokens.clone());
    }

    // Items inside a block see none of the surrounding variables.
    fn visit_item(&mut self, _: &'ast Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn free(expr: Expr) -> Vec<String> {
        names(&expr).free.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn methods_fields_and_bound_names_are_not_free() {
        assert_eq!(free(parse_quote!(a.n * n(b.m()))), ["a", "n", "b"]);
        assert_eq!(free(parse_quote!(xs.iter().map(|n| n * m).sum())), ["xs", "m"]);
        assert_eq!(
            free(parse_quote!({
                let n = n + 1;
                n
            })),
            ["n"]
        );
        assert_eq!(
            free(parse_quote!(if let Some(k) = o
                && k > 1
            {
                k
            } else {
                k
            })),
            ["o", "k"]
        );
        assert_eq!(
            free(parse_quote!(match a {
                Some(b) if b > c => b,
                _ => d,
            })),
            ["a", "c", "d"]
        );
        assert_eq!(
            free(parse_quote!({
                let mut s = 0;
                for i in 0..n {
                    s += i;
                }
                s
            })),
            ["n"]
        );
        assert_eq!(
            free(parse_quote!({
                let Some(v) = o else { return v };
                v
            })),
            ["o"]
        );
        assert_eq!(free(parse_quote!(P { n, m: k })), ["n", "k"]);
        assert!(
            free(parse_quote!({
                fn f(n: usize) -> usize {
                    n
                }
                1
            }))
            .is_empty()
        );
    }

    #[test]
    fn macros_may_mention() {
        let found = names(&parse_quote!(format!("{n:>2} {} {{m}}", k).len()));
        assert!(found.mentions("n") && found.mentions("k") && !found.mentions("q"));
    }

    #[test]
    fn escapes_outside_closures() {
        assert_eq!(names(&parse_quote!(f()? + 1)).escapes.len(), 1);
        assert!(names(&parse_quote!((|| f()?)())).escapes.is_empty());
    }
}
