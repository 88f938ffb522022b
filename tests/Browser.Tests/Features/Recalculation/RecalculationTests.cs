using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Recalculation;

/// <summary>An administrator asks what deciding a range anew would change.</summary>
[Collection(Browsing.Name)]
public sealed class RecalculationTests(Installation site)
{
    [Fact]
    public Task Admin_asks_for_a_range_and_reads_the_plan_as_soon_as_it_is_made() => site.Visit(new(Installation.Admin), async visit =>
    {
        await visit.Open("/manage/achievements");
        await visit.Link("Recalculate").ClickAsync();
        await visit.Page.Locator("input[value='week-in-flow']").CheckAsync();
        await visit.Button("Show what would change").ClickAsync();
        await Expect(visit.Heading).ToContainTextAsync("Recalculation");
        // At rest there is nothing to do: what days are judged by is what they were judged by.
        await Expect(visit.Page.Locator("#recalculation")).ToContainTextAsync("Nothing would change");
        (await visit.Page.Barriers()).ShouldBeEmpty();
    });
}
