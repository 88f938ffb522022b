using System.Globalization;

namespace Laurel.Browser.Tests.Platform;

/// <summary>A page of the application as it is looked at: its route, who opens it, and at which address.</summary>
public sealed record Place(string Route, string? Person, string Path)
{
    public int Status { get; init; } = 200;
    public bool BeforeSetUp { get; init; }

    /// <summary>What sets it apart from another look at the same page.</summary>
    public string? Form { get; init; }

    public string Name => Form is null ? Route : $"{Route} {Form}";

    /// <summary>The three pages that agents live on come first.</summary>
    public static readonly IReadOnlyList<Place> All =
    [
        new("/", Installation.Agent, "/"),
        new("/achievements", Installation.Agent, "/achievements"),
        new("/achievements/{Id}", Installation.Agent, "/achievements/week-in-flow"),
        new("/leaderboard", Installation.Agent, "/leaderboard?period=last-week"),
        new("/people/{Id}", Installation.Agent, "/people/steren"),
        new("/leaderboard/badges", Installation.Agent, "/leaderboard/badges"),
        new("/goals", Installation.Agent, "/goals"),
        new("/goals/new", Installation.Agent, "/goals/new"),
        new("/goals/{Key:long}", Installation.Agent, "/goals/{goal}"),
        new("/goals/team", Installation.Leader, "/goals/team"),
        new("/team/achievements", Installation.Leader, "/team/achievements"),
        new("/reports", Installation.Leader, "/reports"),
        new("/projects", Installation.Admin, "/projects"),
        new("/projects/{Id}", Installation.Admin, "/projects/branch-move"),
        new("/celebrate/{Key:long}", Installation.Agent, "/celebrate/{award}"),
        new("/celebrate/together/{Number:long}", Installation.Agent, "/celebrate/together/{together}"),
        new("/notices", Installation.Agent, "/notices"),
        new("/notices/settings", Installation.Agent, "/notices/settings"),
        new("/digests", Installation.Leader, "/digests"),
        new("/digests/{Kind}", Installation.Agent, "/digests/own"),
        new("/unsubscribe/{Token}", null, "{unsubscribe}"),
        new("/manage/mail", Installation.Admin, "/manage/mail"),
        new("/password", Installation.AgentByPassword, "/password"),
        new("/manage/achievements", Installation.Admin, "/manage/achievements"),
        new("/manage/achievements/{Id}", Installation.Admin, "/manage/achievements/week-in-flow"),
        new("/manage/achievements/new", Installation.Admin, "/manage/achievements/new?kind=threshold"),
        new("/manage/achievements/catalogue", Installation.Admin, "/manage/achievements/catalogue?set=paths"),
        new("/manage/achievements/import", Installation.Admin, "/manage/achievements/import"),
        new("/manage/achievements/{Id}/edit", Installation.Admin, "/manage/achievements/week-in-flow/edit"),
        new("/manage/achievements/{Id}/award", Installation.Admin, "/manage/achievements/customers-thanks/award"),
        new("/manage/recalculations", Installation.Admin, "/manage/recalculations"),
        new("/manage/recalculations/{Key:long}", Installation.Admin, "/manage/recalculations/{recalculation}"),
        new("/manage/recognition", Installation.Admin, "/manage/recognition"),
        new("/manage/areas", Installation.Admin, "/manage/areas"),
        new("/manage/counted", Installation.Admin, "/manage/counted"),
        new("/manage/metrics", Installation.Admin, "/manage/metrics"),
        new("/manage/metrics/new", Installation.Admin, "/manage/metrics/new?kind=counted"),
        new("/manage/metrics/import", Installation.Admin, "/manage/metrics/import"),
        new("/manage/metrics/{Id}", Installation.Admin, "/manage/metrics/calls-answered"),
        new("/manage/metrics/{Id}/edit", Installation.Admin, "/manage/metrics/calls-answered/edit"),
        new("/manage/awards/{Award:long}/revoke", Installation.Admin, "/manage/awards/{award}/revoke"),
        new("/profile", Installation.Agent, "/profile"),
        new("/tour", Installation.Agent, "/tour"),
        new("/achievements", Installation.Agent, "/achievements?tour=agent.3") { Form = "tour" },
        new("/people", Installation.Leader, "/people"),
        new("/people/new", Installation.Admin, "/people/new"),
        new("/people/{Key:long}/edit", Installation.Admin, "/people/{person}/edit"),
        new("/roles", Installation.Admin, "/roles"),
        new("/roles/{Id}", Installation.Admin, "/roles/leader"),
        new("/held", Installation.Admin, "/held"),
        new("/held/count", Installation.Admin, "/held/count?id=sterem"),
        new("/held/drop", Installation.Admin, "/held/drop?id=sterem"),
        new("/identities", Installation.Admin, "/identities"),
        new("/identities/link", Installation.Admin, "/identities/link?provider=crm&external=sharon"),
        new("/teams", Installation.Admin, "/teams"),
        new("/groups", Installation.Admin, "/groups"),
        new("/groups/{Id}", Installation.Admin, "/groups/evenings?show=others"),
        new("/divisions", Installation.Admin, "/divisions"),
        new("/divisions/{Id}", Installation.Admin, "/divisions/baltic?show=others"),
        new("/sites", Installation.Admin, "/sites"),
        new("/imports", Installation.Admin, "/imports"),
        new("/audit", Installation.Admin, "/audit"),
        new("/api-keys", Installation.Admin, "/api-keys"),
        new("/api-keys/new", Installation.Admin, "/api-keys/new"),
        new("/sign-in", null, "/sign-in"),
        new("/set-up", null, "/set-up") { BeforeSetUp = true },
        new("/error/{Status:int}", null, "/error/404") { Status = 404 },
        new("/style", null, "/style") { BeforeSetUp = true },
        new("/manage/paths", Installation.Admin, "/manage/paths"),
        new("/manage/paths/new", Installation.Admin, "/manage/paths/new"),
        new("/manage/paths/{Id}", Installation.Admin, "/manage/paths/good-work"),
        new("/manage/achievements/new", Installation.Admin, "/manage/achievements/new?kind=collection") { Form = "collection" },
    ];

    public static Place Of(string name) => All.First(place => place.Name == name);

    public Visitor Visitor => new(Person) { BeforeSetUp = BeforeSetUp };

    public string In(Installation site) => Path
        .Replace("{award}", site.Award.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{goal}", site.Goal.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{unsubscribe}", site.Unsubscribe, StringComparison.Ordinal)
        .Replace("{person}", site.Person.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{recalculation}", site.Recalculation.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{together}", site.Together.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
