using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Takes an award back, with a reason, or gives a revoked one back. A revoked award keeps its place in the unique key, so that
/// neither a later activity nor a backfill makes it again.
/// </summary>
public static class RevokeAward
{
    public const int LongestReason = 500;

    /// <summary>Why it was refused, as an English text that pages translate; null when it is done.</summary>
    public static string? Run(
        DbConnection connection, DbTransaction transaction, long award, string reason, DataScope scope, Actor actor, long now)
    {
        reason = reason.Trim();
        if (reason.Length is 0 or > LongestReason) return Ui.Text("Write a reason of up to 500 characters: it stays in the log.");
        if (Find(connection, transaction, award, scope) is not { } known) return Ui.Text("There is no such award among your people.");
        if (known.RevokedAt is not null) return Ui.Text("This award is revoked already.");
        connection.Execute(
            "UPDATE award SET revoked_at = @now, revoked_by = @by, revoked_via = @via, revoke_reason = @reason WHERE key = @award",
            new { now, by = actor.Key, via = actor.Key is null ? actor.Name : null, reason, award }, transaction);
        Audit.Write(connection, transaction, actor, now, "award.revoked", known.Title,
            new Change("state", "earned", "revoked"), new Change("reason", null, reason));
        return null;
    }

    /// <summary>Gives a revoked award back. What its value would be by now, and whether it still holds, a backfill says.</summary>
    public static string? Undo(DbConnection connection, DbTransaction transaction, long award, DataScope scope, Actor actor, long now)
    {
        if (Find(connection, transaction, award, scope) is not { } known) return Ui.Text("There is no such award among your people.");
        if (known.RevokedAt is null) return Ui.Text("This award is not revoked.");
        connection.Execute(
            "UPDATE award SET revoked_at = NULL, revoked_by = NULL, revoked_via = NULL, revoke_reason = NULL WHERE key = @award",
            new { award }, transaction);
        if (known.ByHand == 0) Backfill.Enqueue(connection, transaction, new AchievementKey(known.Achievement), now);
        Audit.Write(connection, transaction, actor, now, "award.restored", known.Title,
            new Change("state", "revoked", "earned"), new Change("reason", known.Reason, null));
        return null;
    }

    /// <summary>Holds the person first: what is read then is as it stays.</summary>
    private static Row? Find(DbConnection connection, DbTransaction transaction, long award, DataScope scope)
    {
        PersonLocks.Take(connection, transaction, [.. connection.Query<long>(
            "SELECT person FROM award WHERE key = @award", new { award }, transaction).Select(p => new PersonKey(p))]);
        return connection.QueryFirstOrDefault<Row>(
            $"""
            SELECT w.achievement, w.tier, w.revoked_at,
              CASE WHEN w.awarded_by IS NULL AND w.awarded_via IS NULL THEN 0 ELSE 1 END AS by_hand,
              w.revoke_reason AS reason, a.name, p.name AS person
            FROM award w JOIN achievement a ON a.key = w.achievement JOIN person p ON p.key = w.person
            WHERE w.key = @award AND {scope.Covers("w.person")}
            """, scope.With(new { award }), transaction);
    }

    private sealed record Row
    {
        public long Achievement { get; init; }
        public long Tier { get; init; }
        public long ByHand { get; init; }
        public long? RevokedAt { get; init; }
        public string? Reason { get; init; }
        public string Name { get; init; } = "";
        public string Person { get; init; } = "";

        public string Title =>
            LocalText.Parse(Name).In(Language.English) + (Tier > 0 ? $" {new string('I', (int)Tier)}" : "") + $" · {Person}";
    }
}
