using Dapper;
using Laurel.Browser.Tests.Platform;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Digests;

/// <summary>Subscribing beside the page with the keyboard, in both languages, and without script. Each test has its own person.</summary>
[Collection(Browsing.Name)]
public sealed class DigestPanelTests(Installation site)
{
    [Theory]
    [InlineData("basch", "en-GB", Look.LightDesktop, "Mail digests", "Enable emails", "Save", "The next one comes")]
    [InlineData("gili", "lt-LT", Look.DarkPhone, "Laiškų suvestinės", "Įjungti laiškus", "Išsaugoti", "Kitas ateis")]
    public Task Panel_opens_beside_the_page_saves_there_and_says_when_the_next_one_comes(
        string person, string language, Look look, string link, string enable, string save, string next)
    {
        GiveAddress(person);
        return site.Visit(new(person) { Language = language, Look = look }, async visit =>
        {
            await visit.Open("/achievements");
            await visit.Link(link).FocusAsync();
            await visit.Page.Keyboard.PressAsync("Enter");
            var panel = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = link });
            await Expect(panel).ToBeVisibleAsync();
            (await visit.Page.Barriers()).ShouldBeEmpty();
            var toggle = panel.GetByRole(AriaRole.Switch, new() { Name = enable });
            await toggle.FocusAsync();
            await visit.Page.Keyboard.PressAsync("Space");
            await panel.GetByRole(AriaRole.Button, new() { Name = save }).ClickAsync();
            await Expect(panel.Locator(".digest-next")).ToContainTextAsync(next);
            await Expect(toggle).ToBeCheckedAsync();
            visit.Here.ShouldBe("/achievements");
            (await visit.Page.Barriers()).ShouldBeEmpty();
            await visit.Page.Keyboard.PressAsync("Escape");
            await Expect(panel).ToHaveCountAsync(0);
            await Expect(visit.Link(link)).ToBeFocusedAsync();
        });
    }

    [Fact]
    public Task Without_script_the_panel_is_a_page()
    {
        GiveAddress("vicky");
        return site.Visit(new("vicky") { Script = false }, async visit =>
        {
            await visit.Open("/achievements");
            await visit.Link("Mail digests").ClickAsync();
            await Expect(visit.Heading).ToHaveTextAsync("Mail digests");
            await visit.Page.GetByRole(AriaRole.Switch).CheckAsync(new() { Force = true });
            await visit.Page.GetByLabel("Daily").CheckAsync(new() { Force = true });
            await Expect(visit.Page.Locator(".digest-weekday")).ToBeHiddenAsync();
            await visit.Button("Save").ClickAsync();
            visit.Here.ShouldBe("/digests?saved=true");
            await Expect(visit.Page.Locator(".digest-next")).ToContainTextAsync("Friday 22 May, 08:00");
            await visit.Link("Preview").ClickAsync();
            await Expect(visit.Heading).ToHaveTextAsync("Preview of the mail");
        });
    }

    private void GiveAddress(string person) => site.Services.GetRequiredService<Database>().Write((c, t) =>
        c.Execute("UPDATE person SET email = id || '@northwind.example' WHERE id = @person", new { person }, t));
}
