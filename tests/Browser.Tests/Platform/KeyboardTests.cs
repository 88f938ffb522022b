using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Platform;

/// <summary>Whoever has no pointer gets everywhere, and sees where they are.</summary>
[Collection(Browsing.Name)]
public sealed class KeyboardTests(Installation site)
{
    // No page has as many stops as this: a way that goes on is a trap.
    private const int MostStops = 300;

    [Theory]
    [InlineData("/")]
    [InlineData("/achievements")]
    [InlineData("/achievements/{Id}")]
    [InlineData("/celebrate/{Key:long}")]
    [InlineData("/api-keys/new")]
    [InlineData("/sign-in")]
    public Task Tab_visits_each_stop_in_sight_with_a_ring_and_leaves(string route)
    {
        var place = Place.Of(route);
        return site.Visit(place.Visitor, async visit =>
        {
            await visit.Open(place.In(site));
            // Where a field has the focus from the start, the way begins before the page all the same.
            await visit.Page.EvaluateAsync("document.activeElement?.blur()");
            var first = "";
            var stops = 0;
            for (; stops < MostStops; stops++)
            {
                await visit.Page.Keyboard.PressAsync("Tab");
                var stop = await visit.Page.EvaluateAsync<JsonElement?>(Stop);
                if (stop is not { } here) break;
                var what = here.GetProperty("what").GetString()!;
                if (stops == 0) first = what;
                here.GetProperty("fault").GetString().ShouldBeNull(what);
            }
            first.ShouldContain("#main");
            stops.ShouldBeInRange(3, MostStops - 1);
        });
    }

    /// <summary>The element that has the focus, and what is wrong with how it shows; null outside the page.</summary>
    private const string Stop = """
        () => {
          const e = document.activeElement;
          if (!e || e === document.body || e === document.documentElement) return null;
          const box = e.getBoundingClientRect();
          const ring = [e, e.closest("label"), e.parentElement].filter(Boolean).some(r => {
            const style = getComputedStyle(r);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
          });
          const fault = box.width < 1 || box.height < 1 ? "has no size"
            : box.bottom < 1 || box.right < 1 || box.top > innerHeight - 1 || box.left > innerWidth - 1
              ? `is out of sight at ${box.left},${box.top}`
            : !ring ? "shows no focus" : null;
          return { what: e.outerHTML.slice(0, 160), fault };
        }
        """;

    [Fact]
    public Task Skip_link_leads_past_the_menu() => site.Visit(new(Installation.Agent), async visit =>
    {
        await visit.Open("/achievements");
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Link("Skip to content")).ToBeFocusedAsync();
        await Expect(visit.Link("Skip to content")).ToBeInViewportAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Keyboard.PressAsync("Tab");
        (await visit.Page.EvaluateAsync<bool>("document.getElementById('main').contains(document.activeElement)")).ShouldBeTrue();
    });

    [Theory]
    [InlineData("menu-star")]
    [InlineData("menu-account")]
    public Task Menu_opens_is_walked_and_closes_by_keys(string menu) => site.Visit(new(Installation.Agent), async visit =>
    {
        await visit.Open("/");
        var opener = visit.Page.Locator($"[popovertarget={menu}]");
        await opener.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator($"#{menu}")).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        (await visit.Page.EvaluateAsync<bool>($"document.getElementById('{menu}').contains(document.activeElement)")).ShouldBeTrue();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator($"#{menu}")).ToBeHiddenAsync();
        await Expect(opener).ToBeFocusedAsync();
    });

    [Fact]
    public Task Question_takes_the_focus_and_gives_it_back() => site.Visit(new(Installation.Admin), async visit =>
    {
        await visit.Open("/manage/achievements/week-in-flow");
        var button = visit.Page.Locator("button[popovertarget='switch-week-in-flow']").First;
        await button.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#switch-week-in-flow").GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(button).ToBeFocusedAsync();
    });

    [Fact]
    public Task List_of_people_is_one_stop_and_arrows_go_through_it() => site.Visit(new(Installation.Admin), async visit =>
    {
        await visit.Open("/manage/achievements/customers-thanks/award");
        var boxes = visit.Page.Locator("[data-pick] input");
        await visit.Page.GetByPlaceholder("Name, key or team").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(boxes.First).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(boxes.Nth(1)).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Space");
        await Expect(boxes.Nth(1)).ToBeCheckedAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Page.Locator("#note")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Shift+Tab");
        await Expect(boxes.Nth(1)).ToBeFocusedAsync();
    });

    [Fact]
    public Task Password_is_shown_while_one_wants_to_see_it() => site.Visit(new(Installation.AgentByPassword), async visit =>
    {
        await visit.Open("/password");
        await visit.Page.GetByLabel("New password").FillAsync("a few unrelated words");
        var show = visit.Button("Show password").Last;
        await show.ClickAsync();
        await Expect(visit.Page.Locator("#next")).ToHaveAttributeAsync("type", "text");
        await Expect(show).ToHaveAttributeAsync("aria-pressed", "true");
        await show.ClickAsync();
        await Expect(visit.Page.Locator("#next")).ToHaveAttributeAsync("type", "password");
        await Expect(visit.Page.Locator("input[autocomplete=username]")).ToHaveValueAsync(Installation.AgentByPassword);
    });

    [Fact]
    public Task Names_on_the_board_of_Today_are_whole_on_a_small_desktop() => site.Visit(new(Installation.Agent), async visit =>
    {
        await visit.Page.SetViewportSizeAsync(1280, 900);
        await visit.Open("/");
        await Expect(visit.Page.Locator(".today-board .who-name").First).ToBeVisibleAsync();
        (await visit.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll(".today-board :is(.who-name > span, .who-sub)")].filter(e => {
              const text = document.createRange();
              text.selectNodeContents(e);
              return text.getBoundingClientRect().width > e.getBoundingClientRect().width + 1;
            }).map(e => e.textContent)
            """)).ShouldBeEmpty();
    });
}
