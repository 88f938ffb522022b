using System.Net;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.SigningIn;
using Laurel.App.Platform.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Door = Laurel.App.Platform.Access.Doors;

namespace Laurel.App.Tests.Platform.Access;

/// <summary>
/// Knocks at every door as everybody, and compares with the committed access-table.txt. A line: method and route, what the door names,
/// then what each visitor gets: in (let in, whatever the page then says), sign-in (sent there), refused (403), key (401).
/// </summary>
public sealed class DoorsTests
{
    private static readonly string Table = Path.Combine(Checkout.Root, "tests/App.Tests/Platform/Access/access-table.txt");

    [Fact]
    public async Task Every_door_lets_in_whom_the_committed_table_says()
    {
        await using var app = await LaurelApp.Start(s => s.AddSingleton(new DemoMode("agent", "leader", "admin")));
        var visitors = new List<(string Name, HttpClient Client)>
        {
            ("nobody", app.NewClient()), ("agent", app.SignIn("agent")), ("leader", app.SignIn("leader")), ("admin", app.SignIn("admin")),
        };
        visitors.AddRange(ApiScope.All.Select(s => (s.Name, app.WithKey(s.Name))));

        var found = new List<string>();
        foreach (var door in Doors(app))
            foreach (var method in door.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                var route = "/" + door.RoutePattern.RawText!.TrimStart('/');
                var isApi = route.StartsWith("/api/", StringComparison.Ordinal);
                var outcomes = new List<string>();
                foreach (var (name, client) in visitors.Where(
                    v => isApi == v.Name.Contains(':', StringComparison.Ordinal) || v.Name is "nobody"))
                    outcomes.Add($"{name}={await Knock(client, method, Address(door.RoutePattern))}");
                var named = (Door.Permission(door) ?? "open") + (Door.IsOfCompany(door) ? " of the company" : "");
                found.Add($"{method} {route} | {named} | {string.Join(' ', outcomes)}");
            }

        found.Sort(StringComparer.Ordinal);
        var committed = File.Exists(Table) ? File.ReadAllLines(Table).Where(l => l.Length > 0 && l[0] != '#').ToList() : [];
        var missing = found.Except(committed, StringComparer.Ordinal).ToList();
        var gone = committed.Except(found, StringComparer.Ordinal).ToList();
        missing.Concat(gone).ShouldBeEmpty(
            $"Lines to add to access-table.txt:\n{string.Join('\n', missing)}\nLines to take out:\n{string.Join('\n', gone)}\n");
    }

    [Fact]
    public async Task Static_files_are_open()
    {
        await using var app = await LaurelApp.Start();
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            .ShouldAllBe(e => Door.IsOpen(e));
    }

    [Fact]
    public void Check_of_a_door_that_names_no_permission_says_which()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/said", () => "").RequiresPermission(Permissions.TodayView);
        app.MapGet("/open", () => "").AllowAnonymous();
        Should.NotThrow(() => Door.Check(app));
        app.MapGet("/forgotten", () => "");
        Should.Throw<InvalidOperationException>(() => Door.Check(app)).Message.ShouldContain("GET /forgotten");
    }

    [Fact]
    public async Task Address_that_nothing_answers_is_not_found_for_everybody()
    {
        await using var app = await LaurelApp.Start();
        (await app.Client.GetAsync("/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SignIn("agent").GetAsync("/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.Client.GetAsync("/api/v1/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static IEnumerable<RouteEndpoint> Doors(LaurelApp app) => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !Door.IsUnused(e));

    /// <summary>The route with something in place of its parameters that is there, or at least could be.</summary>
    private static string Address(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(
        segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { Name: "person" or "id" } => "agent",
            RoutePatternParameterPart { Name: "Status" } => "404",
            RoutePatternParameterPart => "1",
            _ => throw new InvalidOperationException(part.ToString()),
        }))));

    private static async Task<string> Knock(HttpClient client, string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (method is "POST" or "PUT" or "PATCH") request.Content = new FormUrlEncodedContent([]);
        // Headers only: streams of live news never end.
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer switch
        {
            { StatusCode: HttpStatusCode.Unauthorized } => "key",
            { StatusCode: HttpStatusCode.Forbidden } => "refused",
            { StatusCode: HttpStatusCode.Found } when IsSignIn(answer.Headers.Location, address) => "sign-in",
            { StatusCode: >= HttpStatusCode.InternalServerError } => $"defect-{(int)answer.StatusCode}",
            _ => "in",
        };
    }

    private static bool IsSignIn(Uri? to, string from) =>
        to is not null && from is not ("/sign-in" or "/sign-out" or "/demo/sign-in")
        && (to.IsAbsoluteUri ? to.AbsolutePath : to.OriginalString).StartsWith("/sign-in", StringComparison.Ordinal);
}
