using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.Engine.Digests;
using Laurel.Storage;
using NodaTime;

namespace Laurel.App.Features.Digests;

/// <summary>Whose achievements a digest is about.</summary>
public enum DigestKind { Own, Team }

public static class DigestKinds
{
    public static readonly IReadOnlyList<DigestKind> All = Enum.GetValues<DigestKind>();

    /// <summary>As the database, addresses and the API write it.</summary>
    public static string Id(this DigestKind kind) => kind switch { DigestKind.Own => "own", DigestKind.Team => "team" };

    public static DigestKind? Find(string? id)
    {
        foreach (var kind in All)
            if (string.Equals(kind.Id(), id, StringComparison.Ordinal)) return kind;
        return null;
    }
}

/// <summary>What somebody wants to be mailed, and the SQL of it. Nothing, until they say so.</summary>
/// <param name="DoneThrough">UTC milliseconds: what was due up to then is taken care of.</param>
public sealed record DigestSubscription(bool IsOn, DigestSchedule Schedule, long DoneThrough)
{
    /// <summary>What is offered: Mondays at eight.</summary>
    public static readonly DigestSubscription Offered = new(false, DigestSchedule.Of(IsoDayOfWeek.Monday, 8 * 60)!, 0);

    public static DigestSubscription? Find(
        DbConnection connection, DbTransaction? transaction, long person, DigestKind kind, bool forUpdate = false) =>
        connection.QueryFirstOrDefault<Row?>(
            $"""
            SELECT is_on, weekday, at_minute, done_through FROM digest_subscription WHERE person = @person AND kind = @kind
            {(forUpdate ? Dialect.Of(connection).ForUpdate : "")}
            """, new { person, kind = kind.Id() }, transaction) is { } row
            ? new(row.IsOn != 0, DigestSchedule.Of(row.Weekday == 0 ? null : (IsoDayOfWeek)row.Weekday, (int)row.AtMinute)!,
                row.DoneThrough)
            : null;

    public void Save(DbConnection connection, DbTransaction transaction, long person, DigestKind kind) => connection.Execute(
        """
        INSERT INTO digest_subscription (person, kind, is_on, weekday, at_minute, done_through)
        VALUES (@person, @kind, @isOn, @weekday, @minute, @DoneThrough)
        ON CONFLICT (person, kind) DO UPDATE SET is_on = excluded.is_on, weekday = excluded.weekday, at_minute = excluded.at_minute,
          done_through = excluded.done_through
        """,
        new { person, kind = kind.Id(), isOn = IsOn ? 1 : 0, weekday = (int?)Schedule.Weekday ?? 0, minute = Schedule.Minute, DoneThrough },
        transaction);

    /// <summary>08:00.</summary>
    public string Time => string.Create(CultureInfo.InvariantCulture, $"{Schedule.Minute / 60:00}:{Schedule.Minute % 60:00}");

    /// <summary>Minutes since midnight; null for what is no time of a day.</summary>
    public static int? Minute(string? time) =>
        TimeOnly.TryParseExact(time, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
            ? (parsed.Hour * 60) + parsed.Minute : null;

    private sealed record Row
    {
        public long IsOn { get; init; }
        public long Weekday { get; init; }
        public long AtMinute { get; init; }
        public long DoneThrough { get; init; }
    }
}
