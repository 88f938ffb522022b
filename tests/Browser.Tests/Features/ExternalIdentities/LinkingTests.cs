using System.Net.Http.Headers;
using System.Text;
using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.ExternalIdentities;

/// <summary>An id of another system: what comes by it waits, an administrator says who it is, and the badge appears.</summary>
[Collection(Browsing.Name)]
public sealed class LinkingTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "yitz", "desk-17")]
    [InlineData(Look.DarkPhone, "pinhas", "desk-18")]
    public Task Award_appears_once_the_identity_is_linked(Look look, string person, string external) =>
        site.Visit(new(Installation.Admin) { Look = look }, admin => site.Visit(new(person), async agent =>
        {
            await agent.Page.RunAndWaitForResponseAsync(() => agent.Open("/achievements/kind-word"),
                answer => new Uri(answer.Url).AbsolutePath == "/live");
            await Expect(agent.Page.Locator("#counted .timeline-item")).ToHaveCountAsync(0);
            await Praise(external);

            await admin.Open("/identities");
            var row = admin.Page.Locator("tbody tr").Filter(new() { HasText = external });
            await Expect(row).ToContainTextAsync("crm");
            (await admin.Page.Barriers()).ShouldBeEmpty();
            await row.GetByRole(AriaRole.Link, new() { Name = "Link …" }).ClickAsync();
            await Expect(admin.Heading).ToHaveTextAsync($"Who is “{external}” of crm?");
            await admin.Page.GetByPlaceholder("Name, key or team").FillAsync(person);
            await admin.Page.Locator($"label:has(input[value='person {person}'])").ClickAsync();
            (await admin.Page.Barriers()).ShouldBeEmpty();
            await admin.Button("Link").ClickAsync();
            await Expect(admin.Page.Locator(".note-good")).ToContainTextAsync("1 activity counts now.");
            await Expect(row).ToHaveCountAsync(0);

            await Expect(agent.Page.Locator("#toasts .toast")).ToContainTextAsync("Kind Word");
            await agent.Open("/achievements/kind-word");
            await Expect(agent.Page.Locator("#counted .timeline-item")).ToHaveCountAsync(1);

            // It is listed as linked from then on, and may be taken away again.
            await admin.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = "Linked" }).First.ClickAsync();
            await row.GetByRole(AriaRole.Button, new() { Name = "Unlink" }).ClickAsync();
            await Expect(row).ToHaveCountAsync(0);
        }));

    private async Task Praise(string external)
    {
        using var desk = site.HelpDesk();
        using var body = new StringContent(
            $$"""
            { "specversion": "1.0", "id": "{{external}}", "source": "walk", "type": "praised", "time": "{{site.Time.GetUtcNow():O}}",
              "data": { "provider": "crm", "external": "{{external}}" } }
            """, Encoding.UTF8);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        using var answer = await desk.PostAsync("/api/v1/activities", body);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"held\":1");
    }
}
