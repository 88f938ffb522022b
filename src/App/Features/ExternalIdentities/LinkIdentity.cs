using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Storage;

namespace Laurel.App.Features.ExternalIdentities;

/// <summary>Whose an external identity is to be: a person's, a team's, nobody's yet, or not to be asked about again.</summary>
public sealed record IdentityTarget(string State, string? Person = null, string? Team = null)
{
    public static readonly IdentityTarget Unlinked = new("unlinked"), Ignored = new("ignored");
    public static IdentityTarget OfPerson(string id) => new("linked", Person: id);
    public static IdentityTarget OfTeam(string id) => new("linked", Team: id);

    /// <summary>"greta", "team care", "ignored"; null while it is not linked.</summary>
    public string? Said => Person ?? (Team is not null ? $"team {Team}" : State == "ignored" ? State : null);
}

/// <summary>How many activities of an identity count now, and how many wait.</summary>
public sealed record SettledIdentity(long Counted, long Waiting);

/// <summary>
/// Says whose an external identity is. What waited for it counts from its own time; what counted for somebody else by it goes over, or
/// waits again.
/// </summary>
public sealed class LinkIdentity(Database database, BatchWriter writer, Intake intake, TimeProvider time)
{
    /// <summary>Null where there is no such person or team.</summary>
    public SettledIdentity? Run(ExternalIdentity identity, IdentityTarget target, Actor actor)
    {
        var settled = BatchOutcome.Nothing;
        var result = database.Write((c, t) =>
        {
            settled = BatchOutcome.Nothing;
            // Nobody brings something for it in between.
            Rulebook.Hold(c, t);
            var before = IdentityStore.Target(c, t, identity);
            if (before?.Said == target.Said && before is not null) return IdentityStore.Settled(c, t, identity);
            if (Apply(c, t, identity, target) is not { } outcome) return null;
            settled = outcome;
            var now = IdentityStore.Settled(c, t, identity);
            Audit.Write(c, t, actor, time.GetUtcNow().ToUnixTimeMilliseconds(), $"identity.{target.State}", identity.ToString(),
                new Change("linked-to", before?.Said, target.Said),
                new Change("activities", null,
                    (target.State == "linked" ? now.Counted : now.Waiting).ToString(CultureInfo.InvariantCulture)));
            return now;
        });
        intake.Tell(settled);
        return result;
    }

    /// <summary>
    /// The same where the caller holds the rules, logs it and tells the outcome; null where there is no such person or team.
    /// </summary>
    public BatchOutcome? Apply(DbConnection connection, DbTransaction transaction, ExternalIdentity identity, IdentityTarget target)
    {
        if (IdentityStore.Save(connection, transaction, identity, target) is not { } key) return null;
        Rulebook.TouchFloor(connection, transaction);
        var outcome = writer.Resettle(connection, transaction, key, identity.Awaited);
        return target.State == "linked" ? outcome.And(writer.Replay(connection, transaction, identity.Awaited)) : outcome;
    }
}
