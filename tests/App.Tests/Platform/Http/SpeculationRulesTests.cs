using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;

namespace Laurel.App.Tests.Platform.Http;

public sealed class SpeculationRulesTests
{
    /// <summary>The second request for the same page would wait behind the first.</summary>
    [Fact]
    public async Task Page_that_the_script_fetches_itself_is_not_fetched_ahead()
    {
        await using var app = await LaurelApp.Start();
        using var client = app.SignIn("agent");
        var rules = (await client.GetFromJsonAsync<JsonNode>("/speculation-rules.json"))!;
        var refused = rules["prefetch"]![0]!["where"]!["and"]!.AsArray().Select(r => (string?)r!["not"]?["selector_matches"])
            .Single(s => s is not null)!;
        var page = await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync("/achievements"));
        var filters = page.QuerySelectorAll("a[data-swap]");
        filters.ShouldNotBeEmpty();
        filters.ShouldAllBe(f => f.Matches(refused));
    }
}
