using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Achievements;

/// <summary>The way of an administrator from an idea to a badge that is on.</summary>
[Collection(Browsing.Name)]
public sealed class EditorTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "Patient Ear")]
    [InlineData(Look.DarkPhone, "Patient Ear Too")]
    public Task Admin_makes_a_threshold_sees_its_sentence_and_backtest_saves_and_enables_it(Look look, string name) =>
        site.Visit(new(Installation.Admin) { Look = look }, async visit =>
        {
            await visit.Open("/manage/achievements");
            await visit.Link("New achievement").ClickAsync();
            await visit.Page.Locator("a.kinds-one[href$='kind=threshold']").ClickAsync();
            var said = visit.Page.Locator("#said .rule");
            await Expect(said).ToContainTextAsync("The sentence stands here as soon as this is put right:");

            // While one types, the rule is said anew, and nothing else of the page is taken away.
            await visit.Page.GetByLabel("Name in English").FillAsync(name);
            await visit.Page.GetByLabel("Metric").SelectOptionAsync("calls-answered");
            await visit.Page.GetByLabel("Target I", new() { Exact = true }).FillAsync("100");
            await visit.Page.GetByLabel("Target II", new() { Exact = true }).FillAsync("150");
            await Expect(said).ToHaveTextAsync("“Calls answered” reaches 100 or 150 in one week. Every week anew.");
            await Expect(visit.Page.Locator("#said figcaption")).ToHaveTextAsync([$"{name} I", $"{name} II"]);
            await visit.Page.Locator(".seg-item").Filter(new() { HasText = "Month" }).ClickAsync();
            await Expect(said).ToContainTextAsync("in one month");
            await visit.Page.Locator(".seg-item").Filter(new() { HasText = "Week" }).ClickAsync();
            await Expect(said).ToContainTextAsync("in one week");
            await Expect(visit.Page.GetByLabel("Name in English")).ToHaveValueAsync(name);

            await visit.Button("Look at the last 90 days").ClickAsync();
            var test = visit.Page.Locator("#backtest");
            await Expect(test.Locator(".targets svg")).ToBeVisibleAsync();
            await Expect(test.Locator(".test-people tbody tr").First).ToBeVisibleAsync();
            (await visit.Page.Barriers()).ShouldBeEmpty();
            if (look == Look.DarkPhone) (await visit.Page.SticksOut(390)).ShouldBeEmpty();

            await visit.Button("Save").ClickAsync();
            await Expect(visit.Heading).ToContainTextAsync(name);
            await Expect(visit.Page.Locator(".note-good")).ToContainTextAsync("Nobody earns it before you enable it.");
            await visit.Page.Locator("button[popovertarget^='switch-']").First.ClickAsync();
            await visit.Page.Locator("[popover]:popover-open button[type=submit]").ClickAsync();
            await Expect(visit.Page.Locator("form[action$='/disable']")).ToBeAttachedAsync();
        });

    [Fact]
    public Task What_is_chosen_while_an_answer_comes_in_stays() => site.Visit(new(Installation.Admin), async visit =>
    {
        await visit.Open("/manage/achievements/new?kind=threshold");
        // The metric is chosen in the moment in which the answer to the choice before it is being read.
        await visit.Page.EvaluateAsync("""
            () => {
              const read = Response.prototype.text;
              Response.prototype.text = async function () {
                Response.prototype.text = read;
                const text = await this.text(), metric = document.querySelector("select[name$='.Metric']");
                metric.value = "calls-answered";
                metric.dispatchEvent(new Event("change", { bubbles: true }));
                return text;
              };
            }
            """);
        await visit.Page.Locator(".seg-item").Filter(new() { HasText = "Month" }).ClickAsync();
        await Expect(visit.Page.GetByLabel("Metric")).ToHaveValueAsync("calls-answered");
        await visit.Page.GetByLabel("Target I", new() { Exact = true }).FillAsync("500");
        await Expect(visit.Page.Locator("#said .rule")).ToHaveTextAsync("“Calls answered” reaches 500 in one month. Every month anew.");
    });

    [Fact]
    public Task Admin_makes_one_without_script() => site.Visit(new(Installation.Admin) { Script = false }, async visit =>
    {
        await visit.Open("/manage/achievements/new?kind=threshold");
        await visit.Page.GetByLabel("Name in English").FillAsync("By Hand and Foot");
        await visit.Page.GetByLabel("Metric").SelectOptionAsync("calls-answered");
        await visit.Page.GetByLabel("Target I", new() { Exact = true }).FillAsync("many");
        visit.Expect("status of 422");
        await visit.Button("Save").ClickAsync();
        await Expect(visit.Page.Locator("#problems")).ToContainTextAsync("“many” is not a number.");
        // Without script a page that has not come whole sends half of its form.
        await visit.Page.WaitForLoadStateAsync();
        await visit.Page.GetByLabel("Target I", new() { Exact = true }).FillAsync("500");
        await visit.Button("Add a condition").ClickAsync();
        await Expect(visit.Page.Locator(".editor-condition")).ToHaveCountAsync(2);
        await visit.Page.WaitForLoadStateAsync();
        await visit.Page.Locator("button[value='remove-1']").ClickAsync();
        await Expect(visit.Page.Locator(".editor-condition")).ToHaveCountAsync(1);
        await visit.Page.WaitForLoadStateAsync();
        await visit.Button("Save").ClickAsync();
        await Expect(visit.Heading).ToContainTextAsync("By Hand and Foot");
    });
}
