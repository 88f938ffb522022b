using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Rights;

/// <summary>A role is made, told what it would become, and saved; whoever has it sees at once what it says.</summary>
[Collection(Browsing.Name)]
public sealed class RolesTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "Reviewer on a desk")]
    [InlineData(Look.DarkPhone, "Reviewer on a phone")]
    public Task Role_is_made_and_its_permissions_are_told_before_they_are_saved(Look look, string name) =>
        site.Visit(new(Installation.Admin) { Look = look }, async admin =>
        {
            await admin.Open("/roles");
            await admin.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
            await admin.Page.GetByLabel("Begins as a copy of").SelectOptionAsync("leader");
            await admin.Button("Make the role").ClickAsync();
            await Expect(admin.Heading).ToContainTextAsync(name);

            await admin.Page.GetByLabel("See the list of people").SelectOptionAsync("company");
            await admin.Page.GetByLabel("Manage achievements").SelectOptionAsync("no");
            await admin.Button("Look at what changes").Last.ClickAsync();
            await Expect(admin.Page.Locator("#changes li")).ToHaveTextAsync(
                ["Manage achievements: not any more.", "See the list of people: of Everybody in place of Managed teams."]);
            (await admin.Page.Barriers()).ShouldBeEmpty();
            await admin.Button("Save").ClickAsync();
            await Expect(admin.Page.Locator(".note-good")).ToContainTextAsync("Saved.");
            await Expect(admin.Page.GetByLabel("See the list of people")).ToHaveValueAsync("company");
            (await admin.Page.Barriers()).ShouldBeEmpty();

            await admin.Open("/audit?area=role");
            await Expect(admin.Page.Locator("main")).ToContainTextAsync("Changed a role");
        });
}
