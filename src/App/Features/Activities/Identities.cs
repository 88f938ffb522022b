using System.Runtime.InteropServices;
using Laurel.Engine.Activities;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// One identity that a batch is about. It stands for ever; versions of its content come and go, the highest is in force.
/// </summary>
internal sealed class Identity(long source, byte[] id, long key)
{
    /// <summary>In place of an activity's key: it was counted, and is gone by retention.</summary>
    public const long Gone = -1;

    private (long Version, long Content, long? Activity) stored;
    private (long Version, long Content)? highest;

    public long Source { get; } = source;
    public byte[] Id { get; } = id;
    /// <summary>The key of its activity, if this batch brings one.</summary>
    public long Key { get; } = key;
    /// <summary>It was here before this batch.</summary>
    public bool IsKnown { get; private set; }
    /// <summary>The activity that was in force before this batch.</summary>
    public long? Before => IsKnown ? stored.Activity : null;
    /// <summary>The version that was known before the batch.</summary>
    public long? VersionBefore => IsKnown ? stored.Version : null;
    /// <summary>Place in the batch of the item that is in force; null where none of the batch is.</summary>
    public int? InForce { get; private set; }

    /// <summary>What was entered for it at first.</summary>
    public void Enter(long version, long content, long? activity) => stored = (version, content, activity);

    /// <summary>What had been entered before.</summary>
    public void Found(long version, long content, long? activity)
    {
        IsKnown = true;
        stored = (version, content, activity);
        highest = (version, content);
    }

    /// <summary>Null when the item is in force now.</summary>
    public ItemResult? Judge(int item, long version, long content)
    {
        if (highest is { } known && version == known.Version && known.Content != ActivityBody.Undone)
            return content == known.Content
                ? ItemResult.Duplicate
                : ItemResult.Conflict;
        // Older than what is in force: taken note of, without effect.
        if (highest is { } higher && version < higher.Version) return ItemResult.Accepted;
        highest = (version, content);
        InForce = item;
        return null;
    }

    /// <summary>What must be written now so that the database says what is in force; null when it says so already.</summary>
    public (long Version, long Content, long? Activity)? Change(bool hasActivity)
    {
        if (InForce is null) return null;
        var now = (highest!.Value.Version, highest.Value.Content, hasActivity ? Key : (long?)null);
        return now == stored ? null : now;
    }
}

/// <summary>The identities of a batch, entered or looked up.</summary>
internal sealed class Identities(Statements statements, string forUpdate)
{
    private readonly Dictionary<(long Source, ActivityId Id), Identity> all = [];

    /// <summary>The identity of an item; a new one gets the key that is offered.</summary>
    public Identity Of(long source, ActivityId id, long offered, out bool isFirst)
    {
        ref var identity = ref CollectionsMarshal.GetValueRefOrAddDefault(all, (source, id), out var known);
        isFirst = !known;
        return identity ??= new Identity(source, id.ToArray(), offered);
    }

    /// <summary>
    /// Enters the new ones and looks up the others; locks the rows in the order of their key, so that two nodes never wait
    /// for each other.
    /// </summary>
    public void Claim(IEnumerable<(Identity Identity, long Version, long Content, long? Activity)> firsts)
    {
        var sorted = firsts.ToList();
        sorted.Sort((a, b) => a.Identity.Source == b.Identity.Source
            ? a.Identity.Id.AsSpan().SequenceCompareTo(b.Identity.Id)
            : a.Identity.Source.CompareTo(b.Identity.Source));
        var rows = new Rows("activity_key", "source bigint", "id bytea", "version bigint", "content bigint", "activity bigint");
        rows.Expect(sorted.Count);
        foreach (var (identity, version, content, activity) in sorted)
        {
            identity.Enter(version, content, activity);
            rows.Add(identity.Source, identity.Id, version, content, activity);
        }
        var fresh = statements.InsertNew(rows);
        for (var i = 0; i < sorted.Count; i++)
            if (!fresh[i]) Look(sorted[i].Identity);
    }

    private void Look(Identity identity)
    {
        using var row = statements[$"SELECT version, content, activity FROM activity_key WHERE source = @0 AND id = @1{forUpdate}"]
            .Bind(identity.Source, identity.Id).Read();
        row.Next();
        identity.Found(row.Number(0), row.Number(1), row.NumberOrNull(2));
    }

    /// <summary>Writes what is in force after the batch.</summary>
    public void Change(Identity identity, bool hasActivity)
    {
        if (identity.Change(hasActivity) is { } now)
            statements["UPDATE activity_key SET version = @2, content = @3, activity = @4 WHERE source = @0 AND id = @1"]
                .Bind(identity.Source, identity.Id, now.Version, now.Content, now.Activity).Run();
        if (identity is { IsKnown: true, InForce: not null })
            statements["DELETE FROM held WHERE source = @0 AND id = @1"].Bind(identity.Source, identity.Id).Run();
    }
}
