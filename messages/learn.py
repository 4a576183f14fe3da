"""Words of what the casebook teaches."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "moved": (
        "Casebook: {n} confirmed {n:case|cases} moved it from {before:.0%} to {after:.0%}",
        "病例库：{n} 个已确认病例把它从 {before:.0%} 调到 {after:.0%}",
    ),
    "moved_alike": (
        "Casebook: {n} confirmed {n:case|cases} moved it from {before:.0%} to {after:.0%}; most alike: {alike}",
        "病例库：{n} 个已确认病例把它从 {before:.0%} 调到 {after:.0%}；最相似的是 {alike}",
    ),
    "used": (
        "casebook: {n} confirmed cases taught this diagnosis (held-out Brier score {before:.3f}, without them {plain:.3f}); --no-casebook leaves them out",
        "病例库：本次诊断参考了 {n} 个已确认病例（留出 Brier 分数 {before:.3f}，不用时 {plain:.3f}）；加 --no-casebook 可以不用",
    ),
    "few": (
        "casebook: {n} confirmed {n:case|cases} so far; from {enough} on they are tried for whether they make the diagnoses better",
        "病例库：目前只有 {n} 个已确认病例，满 {enough} 个才会检验它们能否改进诊断",
    ),
    "refused": (
        "casebook: {n} confirmed cases were not used, because they would not make the diagnoses better (held-out Brier score {before:.3f} with them, {plain:.3f} without)",
        "病例库：{n} 个已确认病例没有采用，因为它们不能让诊断更准（留出 Brier 分数：用 {before:.3f}，不用 {plain:.3f}）",
    ),
}
