using System.Data.Common;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>How many hold what, and are on which path, of the people in a scope: counted at most for a share of the time.</summary>
public sealed class ManagedNumbers(Database database, TimeProvider time)
{
    private readonly Remembered<(DataScope, AchievementKey?, (long, long)), Dictionary<long, HoldingCounts>> holdings = new(database, time);
    private readonly Remembered<(DataScope, (long, long)), Dictionary<long, PathPeople>> paths = new(database, time);

    /// <summary>By key of the achievement; who has none of one is not told of.</summary>
    public Dictionary<long, HoldingCounts> Holdings(
        DbConnection connection, AchievementBook book, DataScope scope, AchievementKey? only = null) =>
        holdings.Of(book.Snapshot.Floor, (scope, only, book.Snapshot.Version), connection,
            c => ManagedStore.Counts(c, scope, time.GetUtcNow(), only?.Value));

    /// <summary>By key of the path.</summary>
    public Dictionary<long, PathPeople> Paths(DbConnection connection, AchievementBook book, DataScope scope) =>
        paths.Of(book.Snapshot.Floor, (scope, book.Snapshot.Version), connection, c => PathEffects.OnEach(c, scope));
}
