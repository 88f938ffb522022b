using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Notifications;
using Laurel.Storage;

namespace Laurel.App.Features.Notifications;

/// <summary>How a person wants to be told, and the SQL of it. Everything is on until somebody chooses otherwise.</summary>
/// <param name="Off">Channel and kind, by their ids.</param>
/// <param name="Quiet">The hours as they were chosen; null where nobody ever did.</param>
/// <param name="IsQuietOn">Whether they hold.</param>
public sealed record NoticePreferences(IReadOnlySet<(string Channel, string Kind)> Off, QuietHours? Quiet, bool IsQuietOn)
{
    private const string Utc = "Etc/UTC";
    /// <summary>Of more people at once those are read who have quiet hours at all.</summary>
    private const int MostNamed = 500;

    public bool Has(NoticeChannel channel, NoticeKind kind) => !Off.Contains((channel.Id, kind.Id));

    public static NoticePreferences Of(DbConnection connection, long person, DbTransaction? transaction = null)
    {
        var off = connection.Query<(string, string)>(
            "SELECT channel, kind FROM notice_preference WHERE person = @person AND is_on = 0", new { person }, transaction).ToHashSet();
        var hours = connection.QueryFirstOrDefault<HoursRow?>(
            "SELECT is_on, days, from_minute, until_minute FROM quiet_hours WHERE person = @person", new { person }, transaction);
        return new(off, hours is null ? null : QuietHours.Of((Weekdays)hours.Days, (int)hours.FromMinute, (int)hours.UntilMinute),
            hours is { IsOn: not 0 });
    }

    public void Save(DbConnection connection, DbTransaction transaction, long person)
    {
        foreach (var channel in NoticeChannel.All)
            foreach (var kind in NoticeKind.All)
                connection.Execute(
                    """
                    INSERT INTO notice_preference (person, channel, kind, is_on) VALUES (@person, @channel, @kind, @isOn)
                    ON CONFLICT (person, channel, kind) DO UPDATE SET is_on = excluded.is_on
                    """, new { person, channel = channel.Id, kind = kind.Id, isOn = Has(channel, kind) ? 1 : 0 }, transaction);
        if (Quiet is { } hours)
            connection.Execute(
                """
                INSERT INTO quiet_hours (person, is_on, days, from_minute, until_minute) VALUES (@person, @isOn, @days, @From, @Until)
                ON CONFLICT (person) DO UPDATE SET is_on = excluded.is_on, days = excluded.days, from_minute = excluded.from_minute,
                  until_minute = excluded.until_minute
                """, new { person, isOn = IsQuietOn ? 1 : 0, days = (int)hours.Days, hours.From, hours.Until }, transaction);
        else connection.Execute("UPDATE quiet_hours SET is_on = 0 WHERE person = @person", new { person }, transaction);
    }

    /// <summary>Those of some people for whom it is quiet now, by the clock where they work, and when that ends.</summary>
    public static Dictionary<long, long> QuietUntil(
        DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<long> people, long now)
    {
        var named = people.Count <= MostNamed ? $"AND {Dialect.Of(connection).Among("q.person", "people")}" : "";
        var rows = connection.Query<QuietRow>(
            $"""
            SELECT q.person, q.days, q.from_minute, q.until_minute, ps.from_day,
              COALESCE(s.zone, (SELECT zone FROM site ORDER BY key LIMIT 1)) AS zone
            FROM quiet_hours q LEFT JOIN person_site ps ON ps.person = q.person LEFT JOIN site s ON s.key = ps.site
            WHERE q.is_on = 1 {named} ORDER BY q.person, ps.from_day
            """, new { people = people.Count <= MostNamed ? people.ToArray() : [] }, transaction).ToList();
        var asked = people.ToHashSet();
        var quiet = new Dictionary<long, long>();
        foreach (var own in rows.Where(r => asked.Contains(r.Person)).GroupBy(r => r.Person))
        {
            var hours = own.First();
            var sites = own.Select(r => (new Workday((int)(r.FromDay ?? Workday.Beginning.Number)), new Site(
                0, "", SiteClock.Find(r.Zone ?? Utc) ?? SiteClock.Find(Utc)!, Workday.Beginning)));
            var here = new FloorPerson(new(own.Key), "", [.. sites]).WorkdayOf(now).Site.Clock;
            if (QuietHours.Of((Weekdays)hours.Days, (int)hours.FromMinute, (int)hours.UntilMinute)?.EndOf(here, now) is { } end)
                quiet[own.Key] = end;
        }
        return quiet;
    }

    private sealed record HoursRow
    {
        public long IsOn { get; init; }
        public long Days { get; init; }
        public long FromMinute { get; init; }
        public long UntilMinute { get; init; }
    }

    private sealed record QuietRow
    {
        public long Person { get; init; }
        public long Days { get; init; }
        public long FromMinute { get; init; }
        public long UntilMinute { get; init; }
        public long? FromDay { get; init; }
        public string? Zone { get; init; }
    }
}
