using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Platform;

/// <summary>Script adds comfort; nothing needs it.</summary>
[Collection(Browsing.Name)]
public sealed class WithoutScriptTests(Installation site)
{
    private static readonly Visitor Plain = new((string?)null) { Script = false };

    [Fact]
    public Task Agent_signs_in_looks_around_and_signs_out() => site.Visit(Plain, async visit =>
    {
        await SignIn(visit, Installation.AgentByPassword);
        await Expect(visit.Heading).ToContainTextAsync("Jonas");

        await visit.Page.Locator(".rail").GetByRole(AriaRole.Link).Filter(new() { HasText = "Achievements" }).ClickAsync();
        await visit.Link("Earned").ClickAsync();
        visit.Here.ShouldContain("show=earned");
        await Expect(visit.Link("Earned")).ToHaveAttributeAsync("aria-current", "true");

        await visit.Page.Locator("main a[href^='/celebrate/']").First.ClickAsync();
        await Expect(visit.Heading).ToBeVisibleAsync();
        await visit.Link("Back to work").ClickAsync();

        // The star's menu opens, and what is new is marked as seen.
        await visit.Page.Locator("[popovertarget=menu-star]").ClickAsync();
        await Expect(visit.Page.Locator("#menu-star")).ToBeVisibleAsync();
        await visit.Button("Mark all as read").ClickAsync();
        await Expect(visit.Page.Locator("#star .top-count")).ToHaveCountAsync(0);

        await visit.Button("Account and settings").ClickAsync();
        await visit.Button("Sign out").ClickAsync();
        visit.Here.ShouldBe("/sign-in");
    });

    [Fact]
    public Task Language_and_theme_are_chosen_and_stay() => site.Visit(Plain, async visit =>
    {
        await visit.Open("/sign-in");
        var page = visit.Page.Locator("html");
        await visit.Button("Account and settings").ClickAsync();
        await visit.Button("Dark").ClickAsync();
        await Expect(page).ToHaveAttributeAsync("data-theme", "dark");
        await visit.Button("Account and settings").ClickAsync();
        await visit.Button("Lietuvių").ClickAsync();
        await Expect(page).ToHaveAttributeAsync("lang", "lt");
        await visit.Open("/sign-in");
        await Expect(page).ToHaveAttributeAsync("lang", "lt");
        await Expect(page).ToHaveAttributeAsync("data-theme", "dark");
        (await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).ShouldBe("rgb(10, 13, 29)");
    });

    [Fact]
    public Task Administrator_makes_a_key_and_revokes_it() => site.Visit(Plain, async visit =>
    {
        await SignIn(visit, Installation.AdminByPassword);
        await visit.Page.Locator(".rail").GetByRole(AriaRole.Link).Filter(new() { HasText = "API keys" }).ClickAsync();
        await visit.Link("New key").First.ClickAsync();
        await visit.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Telephone exchange");
        await visit.Button("Make the key").ClickAsync();
        await Expect(visit.Page.Locator("#key-text")).ToContainTextAsync("lrl_");
        await visit.Link("I have kept it safe").ClickAsync();

        var row = visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Telephone exchange" });
        await Expect(row).ToContainTextAsync("Holds");
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).First.ClickAsync();
        await row.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Revoked");
    });

    [Fact]
    public Task Administrator_switches_an_achievement_off_and_on() => site.Visit(Plain, async visit =>
    {
        await SignIn(visit, Installation.AdminByPassword);
        await visit.Page.Locator(".rail a[href='/manage/achievements']").ClickAsync();
        var row = visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Calm Queue" });
        await Switch("Disable");
        await Expect(row).ToContainTextAsync("Off");
        await Switch("Enable");
        await Expect(row).Not.ToContainTextAsync("Off");

        async Task Switch(string to)
        {
            await row.GetByRole(AriaRole.Button, new() { Name = $"{to} Calm Queue" }).ClickAsync();
            await row.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = to, Exact = true }).ClickAsync();
        }
    });

    [Fact]
    public Task Agent_chooses_metric_and_period_of_the_leaderboard() => site.Visit(Plain, async visit =>
    {
        await SignIn(visit, Installation.AgentByPassword);
        await visit.Open("/leaderboard");
        await visit.Page.Locator(".seg-item[href*='period=last-week']").ClickAsync();
        visit.Here.ShouldContain("period=last-week");
        await visit.Page.Locator("[popovertarget=lb-metrics]").ClickAsync();
        await visit.Page.Locator("#lb-metrics").GetByRole(AriaRole.Link, new() { Name = "Talk time", Exact = true }).ClickAsync();
        visit.Here.ShouldContain("metric=talk-time");
        visit.Here.ShouldContain("period=last-week");
        await Expect(visit.Page.Locator("table.lb tbody tr").First).ToBeVisibleAsync();
    });

    private static async Task SignIn(Visit visit, string person)
    {
        await visit.Open("/");
        await visit.Page.GetByLabel("Name or email").FillAsync(person);
        await visit.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Installation.Password);
        await visit.Button("Sign in").ClickAsync();
        visit.Here.ShouldBe("/");
    }
}
