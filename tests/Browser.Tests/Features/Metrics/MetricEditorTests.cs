using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Metrics;

/// <summary>The way of an administrator from an idea to a metric that achievements can count.</summary>
[Collection(Browsing.Name)]
public sealed class MetricEditorTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "Weekend calls")]
    [InlineData(Look.DarkPhone, "Weekend calls too")]
    public Task Admin_makes_a_metric_sees_its_sentence_and_values_saves_and_archives_it(Look look, string name) =>
        site.Visit(new(Installation.Admin) { Look = look }, async visit =>
        {
            await visit.Open("/manage/metrics");
            await visit.Link("New metric").ClickAsync();
            await visit.Page.Locator("a.kinds-one[href$='kind=counted']").ClickAsync();
            var said = visit.Page.Locator("#said .rule");
            await Expect(said).ToContainTextAsync("The sentence stands here as soon as this is put right:");
            await visit.Page.GetByLabel("Name in English").FillAsync(name);
            await visit.Page.Locator("input[name='In.Types'][value='call-answered']").CheckAsync();
            await Expect(said).ToContainTextAsync("Number of activities:");
            await visit.Button("By the day of the week").ClickAsync();
            await visit.Page.GetByLabel("Saturday").CheckAsync();
            await Expect(said).ToContainTextAsync("Only where the day is Saturday.");
            await Expect(visit.Page.GetByLabel("Name in English")).ToHaveValueAsync(name);

            await visit.Button("Look at its values").ClickAsync();
            await Expect(visit.Page.Locator("#backtest .targets svg").First).ToBeVisibleAsync();
            (await visit.Page.Barriers()).ShouldBeEmpty();
            if (look == Look.DarkPhone) (await visit.Page.SticksOut(390)).ShouldBeEmpty();

            await visit.Button("Save").ClickAsync();
            await Expect(visit.Heading).ToContainTextAsync(name);
            await Expect(visit.Page.Locator("#history .targets svg").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
            await visit.Page.Locator("summary").Filter(new() { HasText = "More" }).First.ClickAsync();
            await visit.Page.Locator("button[popovertarget=archive]").First.ClickAsync();
            await visit.Page.Locator("[popover]:popover-open button[type=submit]").ClickAsync();
            await Expect(visit.Page.Locator("form[action$='/bring-back']")).ToBeAttachedAsync();
        });
}
