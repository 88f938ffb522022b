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
}
