using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Achievements;

/// <summary>A form that is not saved yet is neither lost by leaving it nor by being refused.</summary>
[Collection(Browsing.Name)]
public sealed class UnsavedTests(Installation site)
{
    private const string New = "/manage/achievements/new?kind=manual";

    [Fact]
    public Task Leaving_a_changed_form_asks_first_and_an_untouched_one_does_not() => site.Visit(new("boss"), async visit =>
    {
        var asked = 0;
        visit.Page.Dialog += async (_, dialog) =>
        {
            asked++;
            await dialog.AcceptAsync();
        };
        await visit.Open(New);
        await visit.Page.Locator("form[data-look]").ClickAsync();
        await visit.Open("/people");
        asked.ShouldBe(0);
        await visit.Open(New);
        await visit.Page.Locator("#f-Name").FillAsync("Not saved");
        await visit.Open("/people");
        asked.ShouldBe(1);
    });

    [Fact]
    public Task Page_of_a_refused_form_is_there_when_one_goes_back_to_it() => site.Visit(new("boss"), async visit =>
    {
        visit.Expect("responded with a status of 422");
        await visit.Open("/people/new");
        await visit.Page.Locator("#name").FillAsync("Typed once");
        await visit.Page.Locator("#id").FillAsync("avi");
        await visit.Page.Locator("main form.form button[type=submit]").ClickAsync();
        await Expect(visit.Page.Locator(".field-error").First).ToBeVisibleAsync();
        await visit.Open("/people");
        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator("#name")).ToHaveValueAsync("Typed once");
    });

    [Fact]
    public Task Refused_form_is_found_by_going_back_and_its_problems_go_when_they_are_put_right() => site.Visit(new("boss"), async visit =>
    {
        visit.Expect("responded with a status of 422");
        visit.Page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await visit.Open(New);
        await visit.Page.Locator("#f-Name").FillAsync(" ");
        await visit.Page.Locator(".editor-foot button[value=save]").ClickAsync();
        await Expect(visit.Page.Locator("#problems")).ToContainTextAsync("Type a name.");
        await Expect(visit.Page.Locator("#f-Name")).ToBeFocusedAsync();
        await visit.Page.Locator("#f-Name").FillAsync("Put right");
        await visit.Page.Locator(".editor-foot button[value=look]").ClickAsync();
        await Expect(visit.Page.Locator("#problems")).ToHaveCountAsync(0);
        await visit.Open("/people");
        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator("form[data-look]")).ToBeVisibleAsync();
        visit.Here.ShouldBe(New);
    });
}
