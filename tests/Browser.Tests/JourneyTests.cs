using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests;

/// <summary>The way of an agent through what Laurel is for.</summary>
[Collection(Browsing.Name)]
public sealed class JourneyTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop)]
    [InlineData(Look.DarkPhone)]
    public Task Agent_finds_own_badges_their_evidence_and_a_colleague(Look look) => site.Visit(new(null) { Look = look }, async visit =>
    {
        await visit.Open("/");
        visit.Here.ShouldStartWith("/sign-in");
        await visit.Button("Sign in as an agent").ClickAsync();
        await Expect(visit.Heading).ToContainTextAsync("Ugnė");

        var menu = visit.Page.GetByRole(AriaRole.Navigation, new() { Name = look == Look.DarkPhone ? "Quick menu" : "Main menu" });
        await menu.GetByRole(AriaRole.Link).Filter(new() { HasText = look == Look.DarkPhone ? "Badges" : "Achievements" }).ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("Achievements");

        // The filter takes over only its part of the page.
        await visit.Link("Earned").ClickAsync();
        await visit.Arrives("show=earned");
        await Expect(visit.Link("Earned")).ToHaveAttributeAsync("aria-current", "true");
        await visit.Page.Locator("#collection").GetByRole(AriaRole.Link).Filter(new() { HasText = "A Full Day" }).First.ClickAsync();

        await Expect(visit.Heading).ToContainTextAsync("A Full Day");
        await Expect(visit.Page.Locator("#counted .timeline-item").First).ToBeVisibleAsync();
        await visit.Page.Locator("a[href^='/people/']:not([href$='/sharon'])").First.ClickAsync();
        visit.Here.ShouldStartWith("/people/");
        await Expect(visit.Page.Locator(".badge-card").First).ToBeVisibleAsync();

        // The leaderboard: another period, then another metric, each in place.
        await menu.Locator("a[href='/leaderboard']").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("Leaderboard");
        await visit.Page.Locator(".seg-item[href*='period=last-week']").ClickAsync();
        await visit.Arrives("period=last-week");
        await Expect(visit.Page.Locator("#board")).ToContainTextAsync("Ugnė");
        await visit.Page.Locator("[popovertarget=lb-metrics]").ClickAsync();
        await visit.Page.Locator("#lb-metrics").GetByRole(AriaRole.Link, new() { Name = "Talk time", Exact = true }).ClickAsync();
        await visit.Arrives("metric=talk-time");
        await Expect(visit.Page.Locator(".lb-metric")).ToContainTextAsync("Talk time");
        visit.Here.ShouldContain("period=last-week");
    });
}
