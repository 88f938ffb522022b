using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Tours;

/// <summary>Quick starts by mouse, by keyboard and on a phone. Each test has a person of its own.</summary>
[Collection(Browsing.Name)]
public sealed class TourTests(Installation site)
{
    [Theory]
    [InlineData("darmon", Look.LightDesktop)]
    [InlineData("dorit", Look.DarkPhone)]
    public Task Agent_goes_all_the_way_by_the_keyboard_and_sees_what_is_meant(string person, Look look) =>
        site.Visit(new(person) { Look = look }, async visit =>
        {
            await visit.Open("/");
            await visit.Link("Show me around").ClickAsync();
            for (var number = 1; ; number++)
            {
                await visit.Arrives($"tour=agent.{number}");
                await Expect(visit.Page.Locator("#tour h2")).ToBeFocusedAsync();
                await Expect(visit.Page.Locator("#tour .eyebrow")).ToContainTextAsync($"{number} of 8");
                await visit.Page.EvaluateAsync(InSight);
                (await visit.Page.Barriers()).ShouldBeEmpty();
                if (number == 8) break;
                await visit.Page.Locator("#tour a.btn-gold").FocusAsync();
                await visit.Page.Keyboard.PressAsync("Enter");
            }
            await visit.Button("Finish").PressAsync("Enter");
            await Expect(visit.Page.Locator(".note-good")).ToContainTextAsync("That was the tour.");
            await visit.Open("/");
            await Expect(visit.Link("Show me around")).ToHaveCountAsync(0);
        });

    [Fact]
    public Task Escape_ends_it_on_the_page_and_the_account_menu_begins_it_again() => site.Visit(new("shlomo"), async visit =>
    {
        await visit.Open("/achievements?tour=agent.3#collection");
        await Expect(visit.Page.Locator("#tour h2")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("#tour")).ToHaveCountAsync(0);
        visit.Here.ShouldBe("/achievements");
        await visit.Page.Locator("[popovertarget=menu-account]").ClickAsync();
        await visit.Page.Locator("#menu-account a[href='/tour']").ClickAsync();
        await visit.Link("Go again").First.ClickAsync();
        await visit.Arrives("tour=agent.1");
        await Expect(visit.Page.Locator("#tour h2")).ToHaveTextAsync("Your day");
    });

    /// <summary>The part that is pointed out begins above the card, or beside it; throws where it does not.</summary>
    private const string InSight = """
        () => {
          const part = document.querySelector(":target")?.getBoundingClientRect();
          if (!part) return;
          const card = document.getElementById("tour").getBoundingClientRect();
          const seen = Math.min(part.bottom, part.right > card.left ? card.top : innerHeight) - Math.max(part.top, 0);
          if (seen < 40) throw new Error(`${location.href}: only ${seen} px of what is pointed out can be seen`);
        }
        """;
}
