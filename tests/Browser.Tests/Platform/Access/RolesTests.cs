using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Platform.Access;

/// <summary>What each role is shown of the pages.</summary>
[Collection(Browsing.Name)]
public sealed class RolesTests(Installation site)
{
    [Fact]
    public Task Agent_sees_no_administration_and_is_told_so_at_its_addresses() => site.Visit(new(Installation.Agent), async visit =>
    {
        await visit.Open("/");
        await Expect(visit.Page.Locator(".rail-nav-admin")).ToHaveCountAsync(0);
        foreach (var place in Place.All.Where(place => place.Person == Installation.Admin))
        {
            await visit.Open(place.In(site), 403);
            await Expect(visit.Heading).ToHaveTextAsync("This page is not open to you");
            await Expect(visit.Link("Go to Today")).ToBeVisibleAsync();
        }
        (await visit.Page.Barriers()).ShouldBeEmpty();
    });

    /// <summary>No entry leads nowhere, and none leads to a page that the other tests do not look at.</summary>
    [Theory]
    [InlineData(Installation.Agent)]
    [InlineData(Installation.Leader)]
    [InlineData(Installation.Admin)]
    public Task Every_entry_of_the_menu_opens(string person) => site.Visit(new(person), async visit =>
    {
        await visit.Open("/");
        var entries = await visit.Page.Locator(".rail-link, .menu-more a")
            .EvaluateAllAsync<string[]>("links => [...new Set(links.map(a => a.getAttribute('href')))]");
        entries.Length.ShouldBeGreaterThan(1);
        foreach (var entry in entries)
        {
            await visit.Open(entry);
            await Expect(visit.Heading).ToHaveCountAsync(1);
            await Expect(visit.Page.Locator($".rail-link[href='{entry}']")).ToHaveAttributeAsync("aria-current", "page");
            Place.All.ShouldContain(place => place.Route == entry.Split('?', StringSplitOptions.None)[0]);
        }
    });
}
