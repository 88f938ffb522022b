using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.People;

/// <summary>A division is made and filled, and the list of people is narrowed to it.</summary>
[Collection(Browsing.Name)]
public sealed class DivisionsTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "North")]
    [InlineData(Look.DarkPhone, "South")]
    public Task Division_is_made_filled_and_looked_at(Look look, string name) =>
        site.Visit(new(Installation.Admin) { Look = look }, async admin =>
        {
            await admin.Open("/divisions");
            await admin.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
            await admin.Button("Add the division").ClickAsync();
            await Expect(admin.Heading).ToHaveTextAsync(name);
            var first = admin.Page.Locator(".pick-one").First;
            var person = (await first.Locator(".who-name").InnerTextAsync()).Trim();
            await first.ClickAsync();
            (await admin.Page.Barriers()).ShouldBeEmpty();
            await admin.Button("Add to the division").ClickAsync();
            await Expect(admin.Page.Locator(".pick-one")).ToHaveCountAsync(1);
            await Expect(admin.Page.Locator(".pick-one")).ToContainTextAsync(person);

            await admin.Open($"/people?division={name.ToLowerInvariant()}");
            await Expect(admin.Page.Locator("tbody tr")).ToHaveCountAsync(1);
            await Expect(admin.Page.Locator("tbody tr")).ToContainTextAsync(person);
            (await admin.Page.Barriers()).ShouldBeEmpty();
        });
}
