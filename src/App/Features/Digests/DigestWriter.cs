using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Badges;
using Laurel.App.Features.Mail;
using Laurel.App.Features.Team;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Digests;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.Localization;
using NodaTime;

namespace Laurel.App.Features.Digests;

/// <summary>
/// Writes a digest for the reader of this request or scope, in the language of the moment. What is seen of badges the same objects decide
/// that pages ask. Negative badges are in no digest, whoever may see them on the web: mails are read over shoulders.
/// </summary>
public sealed class DigestWriter(
    CurrentPerson me, AchievementCatalogue catalogue, Collection collection, Onlooker looker, AchievementWords words, Rarity rarity,
    PersonClock clock, DigestLinks links, IStringLocalizer<Ui> texts)
{
    private const int MostBadges = 8, MostPeople = 12, MostNear = 2, MostNamed = 3;

    /// <summary>What is older when it is counted is earlier work, as for notices: nothing that somebody has just earned.</summary>
    private const long FreshMs = 24 * 3_600_000L;

    private IStringLocalizer<Ui> L { get; } = texts;

    /// <summary>Whether the reader may have it at all, as achievements and rights are now.</summary>
    public bool May(DigestKind kind) => kind switch
    {
        DigestKind.Own => me.Sees(Permissions.AchievementsView),
        DigestKind.Team => me.Sees(Permissions.AchievementsViewTeam) && looker.Scope != DataScope.Self(me.Key),
    };

    /// <summary>Null where nothing was earned in between.</summary>
    /// <param name="from">UTC milliseconds, as <paramref name="due"/>; what was told from then on until then.</param>
    public DigestContent? Write(DbConnection connection, DigestKind kind, DigestSchedule schedule, long from, long due)
    {
        var book = catalogue.Current(connection);
        return kind switch
        {
            DigestKind.Own => Own(connection, book, schedule, from, due),
            DigestKind.Team => Team(connection, book, schedule, from, due),
        };
    }

    public Letter Letter(MailSettings settings, DigestContent content, DigestSchedule schedule, string address, long due, DigestKind kind)
    {
        var link = links.Unsubscribe(settings, me.Key, kind);
        var foot = new DigestFoot(links.Site(settings), Rhythm(kind, schedule), L["Unsubscribe in one click"], link,
            L["Change time or frequency"], settings.Postal);
        var headers = new List<(string, string)> { ("List-Unsubscribe", $"<{link}>") };
        // RFC 8058 asks for https: without it a mail program opens the page instead.
        if (link.StartsWith("https:", StringComparison.Ordinal)) headers.Add(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        return new Letter(address, me.Name, content.Subject, DigestLook.Text(content, foot),
            DigestLook.Html(content, foot, Language.Current.Code),
            string.Create(CultureInfo.InvariantCulture, $"digest.{kind.Id()}.{me.Key}.{due}"), clock.Now)
        {
            Headers = headers,
        };
    }

    private DigestContent? Own(DbConnection connection, AchievementBook book, DigestSchedule schedule, long from, long due)
    {
        var awards = EarnedStore.OfPerson(connection, me.Key);
        var told = awards.Where(a => a.AnnouncedAt.ToUnixTimeMilliseconds() is var at && at >= from && at < due && !a.IsFlagged
            && book.Of(a.Achievement).Tone != BadgeTone.Negative).ToList();
        var news = told.Where(a => (a.AnnouncedAt - a.EarnedAt).TotalMilliseconds <= FreshMs)
            .GroupBy(a => (a.Achievement, a.Tier))
            .Select(same => (Achievement: book.Of(same.Key.Achievement), same.Key.Tier, Times: same.Count(), At: same.Max(a => a.EarnedAt)))
            // The biggest first: the highest level, then the rarest; one without levels weighs as much as silver.
            .OrderByDescending(n => n.Achievement.Tiers == 0 ? 2 : n.Tier)
            .ThenBy(n => rarity.Holders(connection, book, looker, n.Achievement, n.Tier)).ThenByDescending(n => n.At).ToList();
        if (news.Count == 0) return null;
        var today = book.Today(me.Key, clock.Now);
        var items = collection.Of(connection, book, new(me.Key), today, awards);
        var first = news[0];
        var share = words.Rarity(connection, book, first.Achievement, first.Tier);
        var sections = new List<DigestSection>();
        if (news.Count > 1)
            sections.Add(new(L["Also earned"], [.. news.Skip(1).Take(MostBadges).Select(n => new DigestLine(
                Badge(n.Achievement, n.Tier), Title(n.Achievement, n.Tier, n.Times), n.Achievement.Description.ToString(),
                clock.Local(n.At).ToString("ddd", CultureInfo.CurrentCulture)))], More(news.Count - 1 - MostBadges)));
        var near = CollectionItem.WithinReach(items).Where(i => i.Nearness > 0)
            .Select(i => (Item: i, Line: words.Line(book, i.Achievement, i.Progress!)))
            .Where(i => i.Line is not null).Take(MostNear).ToList();
        if (near.Count > 0)
            sections.Add(new(L["Almost there"], [.. near.Select(n => new DigestLine(
                Badge(n.Item.Achievement, (n.Item.Progress as TowardTier)?.Tier ?? 0),
                n.Item.Progress is TowardTier toward ? n.Item.Achievement.Title(toward.Tier) : n.Item.Achievement.Name.ToString(),
                n.Line!.Value.Rest, n.Line.Value.Lead, n.Item.Progress!.Share))]));
        var earlier = told.Count - news.Sum(n => n.Times);
        var count = news.Sum(n => n.Times);
        return new(Subject(count, schedule), Since(schedule, from), L["Well done, {0}", GivenName(me.Name)],
            new(Badge(first.Achievement, first.Tier), Title(first.Achievement, first.Tier, first.Times),
                $"{first.Achievement.Description} {share}".Trim()),
            [
                (Number(count), L["New badges"]),
                (Number(items.Count(i => i.IsEarned && i.Achievement.Tone != BadgeTone.Negative)), L["Badges in all"]),
                (Number(awards.Count(a => book.Of(a.Achievement).Tone != BadgeTone.Negative)), L["Times earned"]),
            ], sections,
            earlier > 0 ? L.Count(earlier, "{0} more badge came from earlier work that was counted now.",
                "{0} more badges came from earlier work that was counted now.") : null,
            (L["Open my achievements"], "/achievements"));
    }

    private DigestContent? Team(DbConnection connection, AchievementBook book, DigestSchedule schedule, long from, long due)
    {
        var scope = looker.Scope;
        var rows = connection.Query<(long Person, string Name, long Achievement, long Tier)>(
            $"""
            SELECT w.person, p.name, w.achievement, w.tier
            FROM award w JOIN present_achievement here ON here.key = w.achievement JOIN person p ON p.key = w.person AND p.active = 1
            WHERE w.earned_at >= @old AND w.announced_at >= @from AND w.announced_at < @due AND w.announced_at - w.earned_at <= @fresh
              AND w.revoked_at IS NULL AND w.flagged_at IS NULL AND {scope.Covers("p.key")}
            ORDER BY w.earned_at DESC, w.key DESC
            """, scope.With(new { old = from - FreshMs, from, due, fresh = FreshMs })).ToList();
        var regards = looker.Regards(connection, [.. rows.Select(r => r.Person).Distinct()]);
        var news = rows
            .Select(r => (r.Person, r.Name, Achievement: book.Of(r.Achievement), Tier: (int)r.Tier,
                Sight: looker.Sight(connection, book, regards.GetValueOrDefault(r.Person), book.Of(r.Achievement))))
            .Where(r => r.Sight != BadgeSight.Nothing && r.Achievement.Tone != BadgeTone.Negative).ToList();
        if (news.Count == 0) return null;
        var people = news.GroupBy(n => (n.Person, n.Name))
            .OrderByDescending(p => p.Count()).ThenBy(p => p.Key.Name, StringComparer.CurrentCulture).ToList();
        var figures = TeamStore.Figures(connection, scope);
        var firsts = Firsts(connection, [.. people.Select(p => p.Key.Person)], from);
        var sections = new List<DigestSection>
        {
            new(L["Who earned what"], [.. people.Take(MostPeople).Select(p =>
            {
                var best = p.OrderBy(n => n.Sight != BadgeSight.Named)
                    .ThenByDescending(n => n.Achievement.Tiers == 0 ? 2 : n.Tier).First();
                return new DigestLine(best.Sight == BadgeSight.Named ? Badge(best.Achievement, best.Tier) : new(null, default), p.Key.Name,
                    Names([.. p.Select(n => n.Sight == BadgeSight.Named ? n.Achievement.Title(n.Tier) : L["A secret badge"].Value)]),
                    L.Count(p.Count(), "{0} badge", "{0} badges"), Mark: p.Key.Person == me.Key ? L["You"].Value : null);
            })], MorePeople(people.Count - MostPeople)),
        };
        if (news.Where(n => n.Sight == BadgeSight.Named)
            .Select(n => (n.Name, n.Achievement, n.Tier, Holders: rarity.Holders(connection, book, looker, n.Achievement, n.Tier)))
            .OrderBy(n => n.Holders).Select(n => ((string, Achievement, int, long)?)n).FirstOrDefault() is var (who, rare, tier, holders))
            sections.Add(new(Weekly(schedule) ? L["Rarest of the week"] : L["Rarest of the day"],
                [
                    new(Badge(rare, tier), rare.Title(tier), $"{who}. {rare.Description}",
                        L["{0} of {1} hold it", Number(holders), Number(rarity.People(connection, book, looker, rare))]),
                ]));
        var agents = Math.Max(figures.People, people.Count);
        return new(
            $"{TeamName(connection, book)}: {Subject(news.Count, schedule)}", Since(schedule, from),
            $"{L.Count(news.Count, "{0} badge", "{0} badges")}, {L.Count(people.Count, "{0} person", "{0} people")}", null,
            [
                (Number(news.Count), L["New badges"]),
                (words.Percent(Math.Round(100m * people.Count / agents, 0)),
                    L["of the people, {0} of {1}", Number(people.Count), Number(agents)]),
                (Number(firsts.Count), L["First badges ever"]),
            ], sections,
            firsts.Count == 0 ? (string?)null : L["First badge ever: {0}. A short word from you goes a long way.",
                Names([.. people.Where(p => firsts.Contains(p.Key.Person)).Select(p => p.Key.Name)])],
            (L["Open team achievements"], "/team/achievements"));
    }

    /// <summary>Of people those who held nothing before.</summary>
    private static HashSet<long> Firsts(DbConnection connection, IReadOnlyList<long> people, long from)
    {
        var before = connection.Query<long>(
            $"""
            SELECT DISTINCT w.person FROM award w JOIN present_achievement here ON here.key = w.achievement
            WHERE {Storage.Dialect.Of(connection).Among("w.person", "people")} AND w.revoked_at IS NULL
              AND (w.announced_at < @from OR w.announced_at - w.earned_at > @fresh)
            """, new { people = people.ToArray(), from, fresh = FreshMs }).ToHashSet();
        return [.. people.Where(p => !before.Contains(p))];
    }

    private string TeamName(DbConnection connection, AchievementBook book) =>
        TeamStore.Teams(connection, looker.Scope, book.Today(me.Key, clock.Now)) is [var only] ? only.Name : L["Your teams"];

    private string Subject(int count, DigestSchedule schedule) => Weekly(schedule)
        ? L.Count(count, "{0} new badge last week", "{0} new badges last week")
        : L.Count(count, "{0} new badge since yesterday", "{0} new badges since yesterday");

    private string Since(DigestSchedule schedule, long from)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(from);
        return Weekly(schedule) ? L["One week, since {0}", clock.Say(at, TimeStyle.Moment, L, within: true)]
            : L["One day, since {0}", clock.Say(at, TimeStyle.Moment, L, within: true)];
    }

    /// <summary>When it comes, and by which clock.</summary>
    public string Rhythm(DigestKind kind, DigestSchedule schedule)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{schedule.Minute / 60:00}:{schedule.Minute % 60:00}");
        var (day, zone) = (schedule.Weekday is { } weekday ? Day(weekday) : null, clock.Zone.Id);
        return (kind, day) switch
        {
            (DigestKind.Own, null) => L["You get this personal digest every day at {0}, {1}.", time, zone],
            (DigestKind.Own, _) => L["You get this personal digest every week: {0}, {1}, {2}.", day, time, zone],
            (_, null) => L["You get this team digest every day at {0}, {1}.", time, zone],
            _ => L["You get this team digest every week: {0}, {1}, {2}.", day, time, zone],
        };
    }

    /// <summary>With a capital letter, as it stands alone.</summary>
    public static string Day(IsoDayOfWeek weekday)
    {
        var name = CultureInfo.CurrentCulture.DateTimeFormat.GetDayName((DayOfWeek)((int)weekday % 7));
        return char.ToUpper(name[0], CultureInfo.CurrentCulture) + name[1..];
    }

    private static bool Weekly(DigestSchedule schedule) => schedule.Weekday is not null;

    private static DigestBadge Badge(Achievement achievement, int tier) =>
        new(BadgeFamilies.Find(achievement.Badge), achievement.Level(tier));

    private static string Title(Achievement achievement, int tier, int times) =>
        times == 1 ? achievement.Title(tier) : string.Create(CultureInfo.CurrentCulture, $"{achievement.Title(tier)} × {times:N0}");

    private static string GivenName(string name) => name.Split(' ', 2)[0];

    private string? More(int more) => more > 0 ? L.Count(more, "and {0} more badge", "and {0} more badges") : null;

    private string? MorePeople(int more) => more > 0 ? L.Count(more, "and {0} more person", "and {0} more people") : null;

    private string Names(IReadOnlyList<string> names)
    {
        var shown = names.GroupBy(n => n, StringComparer.Ordinal).Select(n => n.Count() == 1 ? n.Key : $"{n.Key} × {n.Count()}").ToList();
        return shown.Count <= MostNamed ? string.Join(", ", shown)
            : $"{string.Join(", ", shown.Take(MostNamed))}, {L["{0} more", Number(shown.Count - MostNamed)]}";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.CurrentCulture);
}
