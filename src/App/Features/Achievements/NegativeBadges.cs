using System.Data.Common;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Who sees negative badges: their holder and the leader, unless the organisation opens them to colleagues as others are.
/// </summary>
public static class NegativeBadges
{
    /// <summary>The setting's name in the database, in setup files and in the audit log.</summary>
    public const string Setting = "negative-badges";
    public const string Private = "private", Shown = "shown";

    public static bool AreShown(DbConnection connection, DbTransaction? transaction = null) =>
        string.Equals(RecognitionSettings.Kept(connection, transaction, Setting), Shown, StringComparison.Ordinal);

    /// <summary>What changes. The caller logs it and says that the rules changed.</summary>
    public static Change Set(DbConnection connection, DbTransaction transaction, bool shown) =>
        RecognitionSettings.Set(connection, transaction, Setting, Word(AreShown(connection, transaction)), Word(shown));

    public static void Change(DbConnection connection, DbTransaction transaction, bool shown, Actor actor, long now)
    {
        Rulebook.Hold(connection, transaction);
        var change = Set(connection, transaction, shown);
        if (!change.IsReal) return;
        Audit.Write(connection, transaction, actor, now, "setting.changed", Setting, change);
        Rulebook.TouchRules(connection, transaction);
    }

    private static string Word(bool shown) => shown ? Shown : Private;
}
