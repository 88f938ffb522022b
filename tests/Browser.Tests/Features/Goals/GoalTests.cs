using Laurel.App.Features.Activities;
using Laurel.Browser.Tests.Platform;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Goals;

/// <summary>The way of an agent and the team's leader from a proposal to a goal that is reached, and to its end.</summary>
[Collection(Browsing.Name)]
public sealed class GoalTests(Installation site)
{
    private const string Leader = "leader-service";

    [Theory]
    [InlineData(Look.LightDesktop, "gelber", "Week", "every week")]
    [InlineData(Look.DarkPhone, "naama", "Month", "every month")]
    public async Task Leader_proposes_agent_answers_leader_agrees_work_reaches_it_and_it_is_closed(
        Look look, string agent, string period, string often)
    {
        var goal = "";
        await site.Visit(new(Leader) { Look = look }, async visit =>
        {
            await visit.Open("/goals/team");
            await visit.Page.Locator(".page-actions").GetByRole(AriaRole.Link, new() { Name = "Propose a goal" }).ClickAsync();
            await visit.Page.Locator($"input[name='In.Person'][value='{agent}']").CheckAsync();
            await visit.Page.GetByLabel("What is counted").SelectOptionAsync("praises");
            await visit.Page.GetByLabel("Target", new() { Exact = true }).FillAsync("5");
            await visit.Page.GetByLabel("How often").SelectOptionAsync(period);
            await visit.Page.GetByLabel("Why, or how").FillAsync("Spring is here");
            await Clear(visit, look);
            await visit.Button("Propose it").ClickAsync();
            await Expect(visit.Page.Locator("main")).ToContainTextAsync("It is proposed and begins when both have agreed");
            goal = new Uri(visit.Page.Url).AbsolutePath;
        });
        await site.Visit(new(agent) { Look = look }, async visit =>
        {
            await visit.Open("/goals");
            await Expect(visit.Page.Locator("main")).ToContainTextAsync("Waits for your answer");
            await visit.Open(goal);
            await Expect(visit.Page.Locator("main")).ToContainTextAsync("Spring is here");
            await visit.Page.GetByLabel("Your words").FillAsync("Two is what I can promise");
            await visit.Page.GetByLabel("Another target").FillAsync("2");
            await visit.Button("Propose it").ClickAsync();
            await Expect(visit.Page.Locator("main")).ToContainTextAsync("Two is what I can promise");
            await Clear(visit, look);
        });
        await site.Visit(new(Leader) { Look = look }, async visit =>
        {
            await visit.Open("/goals/team");
            await Expect(visit.Page.Locator("main")).ToContainTextAsync("Waits for your answer");
            await visit.Open(goal);
            await visit.Button("Agree").ClickAsync();
            await Expect(visit.Page.Locator(".page-head")).ToContainTextAsync($"at least 2 {often}");
            await Expect(visit.Button("Agree")).ToHaveCountAsync(0);
        });
        await site.Visit(new(agent) { Look = look }, async visit =>
        {
            await visit.Open("/goals");
            var line = visit.Page.Locator($"li:has(a[href='{goal}'])");
            await Expect(line).ToContainTextAsync("– of 2");
            // What comes in shows without anybody loading the page again.
            await Praise(agent, 1, 2);
            await Expect(line).ToContainTextAsync("2 of 2", new() { Timeout = 20_000 });
            await visit.Open(goal);
            await Expect(visit.Page.Locator(".card-head").First).ToContainTextAsync("Reached");
            await Clear(visit, look);
            await visit.Page.Locator("summary").Filter(new() { HasText = "Close the goal" }).ClickAsync();
            await visit.Button("Close the goal").ClickAsync();
            await visit.Open("/goals");
            await Expect(visit.Page.Locator(".section")).ToContainTextAsync("Past goals");
        });
    }

    private static async Task Clear(Visit visit, Look look)
    {
        (await visit.Page.Barriers()).ShouldBeEmpty();
        if (look == Look.DarkPhone) (await visit.Page.SticksOut(390)).ShouldBeEmpty();
    }

    private Task Praise(string agent, params int[] numbers) => site.Services.GetRequiredService<Intake>().Take(
        [.. numbers.Select(n => new IncomingActivity("praise", ActivityId.Of($"goal-{agent}-{n}"), "praised", agent, null,
            site.Time.GetUtcNow().ToUnixTimeMilliseconds(), [], []))], CancellationToken.None);
}
