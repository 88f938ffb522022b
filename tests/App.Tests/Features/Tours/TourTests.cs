using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Tours;

/// <summary>Quick starts, as a browser without script goes through them.</summary>
public sealed class TourTests
{
    [Theory]
    [InlineData("agent", "agent", 8)]
    [InlineData("leader", "leader", 7)]
    [InlineData("admin", "admin", 9)]
    public async Task Whoever_is_new_is_led_through_real_pages_of_the_own_role_and_back(string person, string tour, int stops)
    {
        await using var app = await RecognitionDesk.Open();
        var client = app.SignIn(person);
        var address = (await Page(client, "/")).QuerySelector(".tour-offer a")!.GetAttribute("href")!;
        for (var number = 1; number <= stops; number++)
        {
            address.ShouldContain($"tour={tour}.{number}");
            var (page, card) = await Stop(client, address);
            card.QuerySelector(".eyebrow")!.TextContent.ShouldEndWith($"{number} of {stops}");
            if (address.Split('#') is [_, var part]) page.GetElementById(part).ShouldNotBeNull($"what {address} points out");
            page.QuerySelector("main")!.FirstElementChild.ShouldBe(card);
            var back = card.QuerySelector(".tour-way a[href]:first-child")?.GetAttribute("href");
            if (number > 1) back!.ShouldContain($"tour={tour}.{number - 1}");
            address = number < stops ? card.QuerySelector(".tour-way a.btn-gold")!.GetAttribute("href")! : address;
        }
        var last = (await Stop(client, address)).Card;
        last.QuerySelector("[data-tour-end]").ShouldBeNull();
        using var finished = await Press(client, last, ".btn-gold");
        finished.Headers.Location!.OriginalString.ShouldBe($"/tour?done={tour}");
        var after = await Page(client, $"/tour?done={tour}");
        after.QuerySelector(".note-good")!.TextContent.ShouldContain("That was the tour.");
        // Not offered again, and gone again by who wants to.
        (await Page(client, "/")).QuerySelector(".tour-offer").ShouldBeNull();
        (await Page(client, "/")).QuerySelector("#menu-account a[href='/tour']").ShouldNotBeNull();
        after.QuerySelectorAll(".section-head .btn")[0].TextContent.Trim().ShouldBe("Go again");
    }

    [Fact]
    public async Task Who_does_not_want_it_is_not_asked_again_and_others_are()
    {
        await using var app = await RecognitionDesk.Open();
        var agent = app.SignIn("agent");
        using var put = await Press(agent, (await Page(agent, "/")).QuerySelector(".tour-offer")!, "button");
        put.Headers.Location!.OriginalString.ShouldBe("/");
        (await Page(agent, "/")).QuerySelector(".tour-offer").ShouldBeNull();
        (await Page(app.SignIn("colleague"), "/")).QuerySelector(".tour-offer").ShouldNotBeNull();
    }

    [Fact]
    public async Task Ending_in_the_middle_leads_to_the_page_itself()
    {
        await using var app = await RecognitionDesk.Open();
        var agent = app.SignIn("agent");
        var (_, card) = await Stop(agent, "/achievements?show=earned&tour=agent.8");
        card.QuerySelector("[data-tour-end]").ShouldBeNull();
        using var ended = await Press(agent, (await Stop(agent, "/goals?tour=agent.5")).Card, "[data-tour-end]");
        ended.Headers.Location!.OriginalString.ShouldBe("/goals");
        (await Page(agent, "/goals")).QuerySelector("#tour").ShouldBeNull();
    }

    [Theory]
    [InlineData("/goals?tour=agent.4")]
    [InlineData("/goals?tour=agent.0")]
    [InlineData("/goals?tour=agent.99")]
    [InlineData("/goals?tour=admin.1")]
    [InlineData("/goals?tour=nobody.1")]
    [InlineData("/goals?tour=%3Cscript%3E")]
    public async Task What_is_no_stop_of_the_page_is_the_page_alone(string address)
    {
        await using var app = await RecognitionDesk.Open();
        (await Page(app.SignIn("agent"), address)).QuerySelector("#tour").ShouldBeNull();
    }

    [Theory]
    [InlineData("tour=admin&return=/", HttpStatusCode.NotFound, null)]
    [InlineData("tour=no&return=/", HttpStatusCode.NotFound, null)]
    [InlineData("return=/", HttpStatusCode.NotFound, null)]
    [InlineData("tour=agent&return=https://elsewhere.example/", HttpStatusCode.Found, "/")]
    [InlineData("tour=agent&return=//elsewhere.example/", HttpStatusCode.Found, "/")]
    public async Task Only_own_tours_are_done_and_nobody_is_sent_elsewhere(string fields, HttpStatusCode status, string? to)
    {
        await using var app = await RecognitionDesk.Open();
        var agent = app.SignIn("agent");
        var token = (await Page(agent, "/")).QuerySelector(".tour-offer input[name=__RequestVerificationToken]")!.GetAttribute("value");
        using var answer = await agent.PostAsync("/tour/done", new StringContent(
            $"{fields}&__RequestVerificationToken={Uri.EscapeDataString(token!)}", null, "application/x-www-form-urlencoded"));
        answer.StatusCode.ShouldBe(status);
        answer.Headers.Location?.OriginalString.ShouldBe(to);
    }

    [Fact]
    public async Task Stops_say_what_badge_they_bring_once_it_may_be_seen()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - id: hello
                name: { en: Hello, lt: Labas }
                description: { en: Set up the profile., lt: Profilis užpildytas. }
                area: engagement
                badge: introduced
                type: first-time
                activities: [profile-completed]
              - id: worn
                name: { en: Worn, lt: Nešiojamas }
                description: { en: Shown beside the name., lt: Rodomas šalia vardo. }
                area: engagement
                badge: worn-with-pride
                type: first-time
                activities: [badge-featured]
                visibility: hidden
            """);
        var agent = app.SignIn("agent");
        (await Stop(agent, "/profile?tour=agent.7")).Card.QuerySelector(".tour-badge")!.TextContent.Trim().ShouldBe("Brings “Hello”");
        (await Stop(agent, "/achievements?tour=agent.8")).Card.QuerySelector(".tour-badge").ShouldBeNull();
        (await agent.GetStringAsync("/tour")).ShouldNotContain("Worn");
        await LaurelApp.Post(agent, "/profile", "/preferences", ("lang", "lt"));
        var spoken = await Stop(agent, "/profile?tour=agent.7");
        spoken.Card.QuerySelector("h2")!.TextContent.ShouldBe("Jūsų profilis");
        spoken.Card.QuerySelector(".tour-badge")!.TextContent.ShouldContain("„Labas“");
    }

    [Fact]
    public async Task With_all_areas_off_the_rest_is_shown()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare($"areas: {{ {string.Join(", ", ProductAreas.All.Select(area => $"{area}: off"))} }}");
        var agent = app.SignIn("agent");
        var page = await Page(agent, "/tour");
        page.QuerySelectorAll(".step b").Select(b => b.TextContent)
            .ShouldBe(["Your day", "How things stand", "Goals of your own", "Told when it suits you", "Your profile"]);
        page.QuerySelector("main")!.TextContent.ShouldNotContain("adge");
        foreach (var link in page.QuerySelectorAll(".step a"))
            (await Stop(agent, link.GetAttribute("href")!)).Card.QuerySelector(".tour-badge").ShouldBeNull();
    }

    private static async Task<(IHtmlDocument Page, IElement Card)> Stop(HttpClient client, string address)
    {
        var page = await Page(client, address);
        return (page, page.GetElementById("tour").ShouldNotBeNull($"{address} is a stop"));
    }

    private static async Task<IHtmlDocument> Page(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> Press(HttpClient client, IElement within, string button)
    {
        var form = (IHtmlFormElement)within.QuerySelector("form")!;
        var pressed = (IHtmlButtonElement)form.QuerySelector("button" + (button == "button" ? "" : button))!;
        return client.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent(
            form.QuerySelectorAll<IHtmlInputElement>("input").Select(i => KeyValuePair.Create(i.Name!, i.Value))
                .Append(new(pressed.Name!, pressed.Value))));
    }
}
