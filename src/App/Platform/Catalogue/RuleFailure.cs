using System.Data.Common;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Platform.Catalogue;

/// <summary>
/// The rule of an achievement failed while it was read or decided. Whoever decides throws it in place of what the rule threw, so that it is
/// known which one to go on without.
/// </summary>
public sealed class RuleFailure(AchievementKey achievement, Exception cause) : Exception(cause.Message, cause)
{
    public AchievementKey Achievement => achievement;

    /// <summary>Whether a rule may be at fault: not where the database, the disk, memory or whoever stops the work is.</summary>
    public static bool Is(Exception failure) =>
        failure is not (RuleFailure or DbException or OperationCanceledException or OutOfMemoryException or IOException
            or TimeoutException or ObjectDisposedException) && !Outage.Is(failure);

    /// <summary>What <paramref name="decide"/> gives; what it throws is said to be the rule's.</summary>
    /// <exception cref="RuleFailure">The rule is at fault.</exception>
    public static T Of<T>(AchievementKey achievement, Func<T> decide)
    {
        try
        {
            return decide();
        }
        catch (Exception failure) when (Is(failure))
        {
            throw new RuleFailure(achievement, failure);
        }
    }
}
