using Laurel.Browser.Tests.Platform.Localisation;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.Browser.Tests.Platform;

/// <summary>What holds of every page.</summary>
[Collection(Looking.Name)]
public sealed class EveryPageTests(Installation site)
{
    private const int MainPages = 3;

    /// <summary>Between phone and desk: tablets, and windows beside another one.</summary>
    private static readonly int[] Between = [768, 900, 1024];

    public static TheoryData<string> Routes => [.. Place.All.Select(place => place.Name)];

    /// <summary>Every page in one look, turn and turn about; the main ones in the others, too.</summary>
    public static TheoryData<string, Look> Looks
    {
        get
        {
            var looks = Enum.GetValues<Look>();
            var data = new TheoryData<string, Look>();
            for (var i = 0; i < Place.All.Count; i++)
                foreach (var look in i < MainPages ? looks : [looks[i % looks.Length]])
                    data.Add(Place.All[i].Name, look);
            return data;
        }
    }

    [Fact]
    public void Pages_of_the_application_are_all_looked_at()
    {
        var routes = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(e => e.RoutePattern.RawText!).Distinct();
        Place.All.Select(place => place.Route).Distinct().Order(StringComparer.Ordinal).ShouldBe(routes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public Task Page_has_no_barrier(string route, Look look)
    {
        var place = Place.Of(route);
        return site.Visit(place.Visitor with { Look = look }, async visit =>
        {
            await visit.Open(place.In(site), place.Status);
            (await visit.Page.Barriers()).ShouldBeEmpty();
            (await visit.Page.UnevenFigures()).ShouldBeEmpty();
        });
    }

    /// <summary>One address, another page for each role.</summary>
    [Theory]
    [InlineData(Installation.Leader, Look.LightDesktop)]
    [InlineData(Installation.Leader, Look.DarkPhone)]
    [InlineData(Installation.Admin, Look.DarkDesktop)]
    [InlineData(Installation.Admin, Look.LightPhone)]
    public Task Start_page_of_other_roles_has_no_barrier_and_never_scrolls_sideways(string person, Look look) =>
        site.Visit(new Visitor(person) { Look = look, Language = "lt-LT" }, async visit =>
        {
            await visit.Open("/");
            (await visit.Page.Barriers()).ShouldBeEmpty();
            await Fits(visit, [320, .. Between]);
        });

    /// <summary>Lithuanian words are the longer ones.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public Task Page_in_Lithuanian_has_no_English_and_fits_from_small_phones_on(string route)
    {
        var place = Place.Of(route);
        return site.Visit(place.Visitor with { Look = Look.LightPhone, Language = "lt-LT" }, async visit =>
        {
            await visit.Open(place.In(site), place.Status);
            if (place.Route != "/style") (await EnglishWords.Found(visit)).ShouldBeEmpty();
            await Fits(visit, [390, 320, .. Between]);
        });
    }

    private static async Task Fits(Visit visit, IReadOnlyList<int> widths)
    {
        foreach (var width in widths)
        {
            (await visit.Page.SticksOut(width)).ShouldBeEmpty($"at {width}");
            (await visit.Page.TallRows()).ShouldBeEmpty($"at {width}");
        }
    }
}
