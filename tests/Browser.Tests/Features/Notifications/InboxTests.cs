using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Notifications;

/// <summary>The inbox with a mouse and with the keyboard, with and without script. Each test has a person of its own.</summary>
[Collection(Browsing.Name)]
public sealed class InboxTests(Installation site)
{
    [Theory]
    [InlineData("basch", true)]
    [InlineData("vicky", false)]
    public Task Notice_is_read_by_its_button_and_stays_where_it_was(string person, bool script) =>
        site.Visit(new(person) { Script = script, Look = Look.LightPhone }, async visit =>
        {
            await visit.Open("/notices");
            var rows = visit.Page.Locator(".notice");
            var (all, unread) = (await rows.CountAsync(), await visit.Page.Locator(".notice-new").CountAsync());
            unread.ShouldBeGreaterThan(0);
            var button = visit.Page.Locator(".notice-new button").First;
            await button.FocusAsync();
            await visit.Page.Keyboard.PressAsync("Enter");
            await Expect(visit.Page.Locator(".notice-new")).ToHaveCountAsync(unread - 1);
            await Expect(rows).ToHaveCountAsync(all);
            visit.Here.ShouldStartWith("/notices");
            await visit.Link("Unread" + (unread == 1 ? "" : $" ({unread - 1})")).ClickAsync();
            await Expect(rows).ToHaveCountAsync(unread - 1);
            if (unread > 1)
            {
                await visit.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Mark all as read" }).ClickAsync();
            }
            await Expect(visit.Page.Locator(".empty h2")).ToHaveTextAsync("All is read");
            await Expect(visit.Page.Locator("#bell .top-count")).ToHaveCountAsync(0);
        });

    [Fact]
    public Task Reading_in_one_tab_is_seen_in_the_other() => site.Visit(new("gili"), async visit =>
    {
        await visit.Page.RunAndWaitForResponseAsync(() => visit.Open("/notices"), answer => new Uri(answer.Url).AbsolutePath == "/live");
        await Expect(visit.Page.Locator("#bell .top-count")).ToHaveCountAsync(1);
        var second = await visit.Context.NewPageAsync();
        await second.GotoAsync("/notices");
        await second.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Mark all as read" }).ClickAsync();
        await Expect(second.Locator("#bell .top-count")).ToHaveCountAsync(0);
        await visit.Page.BringToFrontAsync();
        await Expect(visit.Page.Locator("#bell .top-count")).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator(".notice-new")).ToHaveCountAsync(0);
    });
}
