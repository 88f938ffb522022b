using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.People;

/// <summary>The way of an administrator from a shift that has no name yet to a group of people, and to the end of it.</summary>
[Collection(Browsing.Name)]
public sealed class GroupTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "Weekend crew")]
    [InlineData(Look.DarkPhone, "Holiday crew")]
    public Task Admin_makes_a_group_puts_many_people_in_takes_one_out_and_archives_it(Look look, string name) =>
        site.Visit(new(Installation.Admin) { Look = look }, async visit =>
        {
            var page = visit.Page;
            await visit.Open("/groups");
            await page.GetByLabel("Name").FillAsync(name);
            await visit.Button("Add the group").ClickAsync();
            await Expect(visit.Heading).ToHaveTextAsync(name);
            await NoBarriers();

            // A whole team at once.
            await page.GetByLabel("Team").SelectOptionAsync("service");
            var listed = page.Locator(".pick-one");
            await visit.Arrives("team=service");
            var many = await listed.CountAsync();
            many.ShouldBeGreaterThan(2);
            await page.GetByLabel($"All {many} of this list").CheckAsync();
            await visit.Button("Add to the group").ClickAsync();
            await Expect(page.Locator(".page-sub")).ToContainTextAsync($"{many} people");
            await Expect(listed).ToHaveCountAsync(many);
            await NoBarriers();

            // One of them, by the keyboard.
            await listed.First.Locator("input").FocusAsync();
            await page.Keyboard.PressAsync("Space");
            await Expect(listed.First.Locator("input")).ToBeCheckedAsync();
            await visit.Button("Take out of the group").ClickAsync();
            await Expect(listed).ToHaveCountAsync(many - 1);

            await visit.Button("Archive").ClickAsync();
            await Expect(visit.Button("Bring back")).ToBeVisibleAsync();
            await Expect(page.Locator(".page-head .chip")).ToHaveTextAsync("Archived");
            await visit.Open("/people/new");
            await Expect(page.GetByLabel(name)).ToHaveCountAsync(0);
            await visit.Open("/groups");
            await Expect(page.Locator(".team-row").Filter(new() { HasText = name })).ToContainTextAsync("Archived");

            async Task NoBarriers()
            {
                (await page.Barriers()).ShouldBeEmpty();
                if (look == Look.DarkPhone) (await page.SticksOut(390)).ShouldBeEmpty();
            }
        });
}
