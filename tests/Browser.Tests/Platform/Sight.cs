using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Laurel.Browser.Tests.Platform;

/// <summary>What can be seen to be wrong with a page.</summary>
internal static class Sight
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions
        {
            Type = "tag",
            Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        },
        ResultTypes = [ResultType.Violations],
    };

    /// <summary>Violations of the accessibility guidelines, one a line, with the place of each.</summary>
    public static async Task<IReadOnlyList<string>> Barriers(this IPage page)
    {
#pragma warning disable CS0618 // The other way opens a second page for each run, to join the findings of frames: no page here has any.
        var result = await page.Locator(":root").RunAxeLegacy(Rules);
#pragma warning restore CS0618
        return [.. result.Violations.SelectMany(v => v.Nodes.Select(n =>
            $"{v.Id}: {n.Target} {n.Html[..Math.Min(n.Html.Length, 160)]} "
            + $"({string.Join("; ", n.Any.Concat(n.All).Concat(n.None).Select(c => c.Message))})"))];
    }

    /// <summary>What sticks out at the side of a page that scrolls sideways; empty when it does not.</summary>
    public static async Task<string[]> SticksOut(this IPage page, int width)
    {
        await page.SetViewportSizeAsync(width, 844);
        return await page.EvaluateAsync<string[]>("""
            () => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return [];
              const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > wide + 1)
                .map(e => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`
                  + ` reaches ${Math.round(e.getBoundingClientRect().right)}`);
              return [`scrolls to ${document.documentElement.scrollWidth} of ${wide}`, ...out.slice(0, 8)];
            }
            """);
    }

    /// <summary>Rows of tables that are so high that a column has no room for its words. Rows that are cards are high.</summary>
    public static Task<string[]> TallRows(this IPage page) => page.EvaluateAsync<string[]>("""
        () => [...document.querySelectorAll("tr")]
          .filter(r => getComputedStyle(r).display === "table-row" && r.getBoundingClientRect().height > 240)
          .map(r => `${Math.round(r.getBoundingClientRect().height)} high: ${r.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}`)
        """);

    /// <summary>Numbers that stand for themselves and whose figures are not of one width. Ids of code are in letters that are.</summary>
    public static Task<string[]> UnevenFigures(this IPage page) => page.EvaluateAsync<string[]>("""
        () => [...document.querySelectorAll("main *, .top-count")]
          .filter(e => e.children.length === 0 && /^[+\u2212-]?\d[\d\s.,:%]*$/.test(e.textContent.trim()) && e.checkVisibility()
            && !getComputedStyle(e).fontVariantNumeric.includes("tabular-nums") && !e.matches("option, .code-inline"))
          .map(e => `${e.parentElement.localName}.${e.parentElement.className} > ${e.localName}.${e.className}: ${e.textContent.trim()}`)
        """);
}
