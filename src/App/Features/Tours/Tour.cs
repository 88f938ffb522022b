using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Tours;

/// <summary>A stop of a tour: a page as it is, the part of it that is pointed out, and what is said. Texts are English keys.</summary>
/// <param name="Permission">Of the page: who lacks it is not led there.</param>
/// <param name="Part">Id of an element of that page; null where the whole of it is meant.</param>
public sealed record TourStop(string Permission, string Path, string? Part, string Title, string Text)
{
    public string Query { get; init; } = "";

    /// <summary>Gone with all of achievements, whatever permission it needs.</summary>
    public bool IsOfAchievements { get; init; }

    /// <summary>The activity that is done there, which may bring a badge; null where nothing is to be done.</summary>
    public string? Activity { get; init; }
}

/// <summary>A way through the real pages for one who is new to them.</summary>
public sealed record Tour(string Id, string Name, string Says, IReadOnlyList<TourStop> Stops)
{
    public static readonly Tour OfAgents = new("agent", Ui.Text("Quick start for agents"),
        Ui.Text("Your day, how things stand, and how you want to be told."),
        [
            new(Permissions.TodayView, "/", "today", Ui.Text("Your day"),
                Ui.Text("Your numbers, your goals and your place among colleagues. It follows your work by itself."))
            { Activity = UseTypes.SignedIn },
            new(Permissions.AchievementsView, "/achievements", "achievements", Ui.Text("What you earn"),
                Ui.Text("The newest badge, what you have in all, and what comes next. Open any of them to see which work counted for it.")),
            new(Permissions.AchievementsView, "/achievements", "collection", Ui.Text("What there is to earn"),
                Ui.Text("Every badge, earned or not. Each says what it asks and how far you are; a few stay secret until earned.")),
            new(Permissions.LeaderboardsView, "/leaderboard", "board", Ui.Text("How things stand"),
                Ui.Text("Choose what is counted and when. Where names are not shown to everybody, yours is shown to you.")),
            new(Permissions.GoalsView, "/goals", null, Ui.Text("Goals of your own"),
                Ui.Text("Set out to reach something by yourself, or agree on it with your leader. Its progress stands in your day.")),
            new(Permissions.TodayView, "/notices/settings", null, Ui.Text("Told when it suits you"),
                Ui.Text("Say which news come to you while you work, and when it has to be quiet. The inbox keeps everything.")),
            new(Permissions.ProfileEdit, "/profile", "you", Ui.Text("Your profile"),
                Ui.Text("With a photo and a few words colleagues know who stands beside them in a list."))
            { Activity = UseTypes.ProfileCompleted },
            new(Permissions.AchievementsView, "/achievements", "collection", Ui.Text("Wear one"),
                Ui.Text("Open a badge that you have earned and feature it: from then on it stands beside your name everywhere."))
            { Query = "show=earned", Activity = UseTypes.BadgeFeatured },
        ]);

    public static readonly Tour OfLeaders = new("leader", Ui.Text("Quick start for team leaders"),
        Ui.Text("What your team does, thanks for it, and goals to agree on."),
        [
            new(Permissions.TodayView, "/", "today", Ui.Text("Your team's day"),
                Ui.Text("Who is at work, how the numbers stand, and what is worth a word. It follows the work by itself."))
            { Activity = UseTypes.SignedIn },
            new(Permissions.PeopleView, "/people", null, Ui.Text("Your people"),
                Ui.Text("Open somebody to see how they do and which work it comes from.")),
            new(Permissions.AchievementsViewTeam, "/team/achievements", null, Ui.Text("What the team has earned"),
                Ui.Text("By person and by week, with what is nearly there. What no longer holds is flagged; you decide.")),
            new(Permissions.AchievementsAward, "/manage/achievements", "managed", Ui.Text("Say thank you"),
                Ui.Text("Badges that are given by hand: open one, choose who deserves it and write why. It reaches them at once.")),
            new(Permissions.GoalsManage, "/goals/team", "goals", Ui.Text("Agree on goals"),
                Ui.Text("Propose a goal to somebody, or answer to one that they have set. Both of you see how far it is.")),
            new(Permissions.ReportsView, "/reports", null, Ui.Text("Whom it reaches"),
                Ui.Text("How many were recognised, by what and how often, without a name. One view is made for works councils.")),
            new(Permissions.ProfileEdit, "/profile", "you", Ui.Text("Your profile"),
                Ui.Text("A face and a few words of yours, for those whom you lead."))
            { Activity = UseTypes.ProfileCompleted },
        ]);

    public static readonly Tour OfAdmins = new("admin", Ui.Text("Quick start for administrators"),
        Ui.Text("From the first person to what is counted, and who may see what."),
        [
            new(Permissions.TodayView, "/", "today", Ui.Text("What Laurel does today"),
                Ui.Text("What came in, what waits and what failed. The first steps stand here until all of them are done."))
            { Activity = UseTypes.SignedIn },
            new(Permissions.PeopleManage, "/people", null, Ui.Text("Who works here"),
                Ui.Text("People, with their team and role. Add them here, by a setup file, or have them made when work comes in.")),
            new(Permissions.ApiKeysManage, "/api-keys", null, Ui.Text("Where work comes from"),
                Ui.Text("A help desk or a telephone system sends what was done, with a key from here. Files work, too: see Imports.")),
            new(Permissions.PeopleManage, "/held", null, Ui.Text("Work that nobody has"),
                Ui.Text("What comes in for somebody unknown is not lost: it waits here until you say whose it is.")),
            new(Permissions.AchievementsManage, "/manage/metrics", "managed", Ui.Text("What is counted"),
                Ui.Text("A metric says which work counts and how it is put together. Leaderboards, goals and rules read the same ones.")),
            new(Permissions.SettingsManage, "/manage/achievements/catalogue", null, Ui.Text("Begin with a set"),
                Ui.Text("Choose from what is ready: names, art and rules in two languages. Nothing is awarded before you install it."))
            { IsOfAchievements = true },
            new(Permissions.AchievementsManage, "/manage/achievements/new", "backtest", Ui.Text("Make your own"),
                Ui.Text("Choose a kind and look at the last 90 days before you switch it on: who would have earned it, and how often."))
            { Query = "kind=threshold" },
            new(Permissions.SettingsManage, "/manage/recognition", null, Ui.Text("Who sees what"),
                Ui.Text("Decide who sees whose recognition, and how small a group may be told of. People may opt out for themselves."))
            { IsOfAchievements = true },
            new(Permissions.AuditView, "/audit", null, Ui.Text("Who changed what"),
                Ui.Text("Every change of a rule, a right or a person stands here, with who made it and when.")),
        ]);

    public static readonly IReadOnlyList<Tour> All = [OfAgents, OfLeaders, OfAdmins];

    /// <summary>As far as somebody may go.</summary>
    public Tour For(CurrentPerson person) => this with
    {
        Stops = [.. Stops.Where(stop => person.Sees(stop.Permission) && !(stop.IsOfAchievements && person.AchievementsAreOff))],
    };

    /// <summary>Those that show somebody more than everybody's own day; the one of the own role first.</summary>
    public static IReadOnlyList<Tour> AllFor(CurrentPerson person) =>
    [
        .. All.Where(tour => tour.IsFor(person)).OrderByDescending(tour => tour == Own(person)).Select(tour => tour.For(person))
            .Where(tour => tour.Stops.Count > 0),
    ];

    /// <summary>By the start page that somebody has.</summary>
    public static Tour Own(CurrentPerson person) => person.Role switch
    {
        Role.Admin when OfAdmins.IsFor(person) => OfAdmins,
        Role.Leader or Role.Admin when OfLeaders.IsFor(person) => OfLeaders,
        _ => OfAgents,
    };

    private bool IsFor(CurrentPerson person) => this switch
    {
        { Id: "admin" } => person.May(Permissions.SettingsManage),
        { Id: "leader" } => person.May(Permissions.AchievementsViewTeam)
            && person.ReachOf(Permissions.AchievementsViewTeam) is not (null or DataReach.Self),
        _ => true,
    };

    /// <summary>The address of a stop; it says which one it is, so that going back goes back.</summary>
    /// <param name="number">From 1.</param>
    public string Address(int number)
    {
        var stop = Stops[number - 1];
        var (query, part) = (stop.Query.Length > 0 ? stop.Query + "&" : "", stop.Part is { } id ? "#" + id : "");
        return $"{stop.Path}?{query}tour={Id}.{number}{part}";
    }
}
