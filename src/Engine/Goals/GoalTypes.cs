namespace Laurel.Engine.Goals;

/// <summary>The activity that Laurel makes where a period of somebody's goal is reached.</summary>
public static class GoalTypes
{
    /// <summary>A type of Laurel's own, declared in every installation.</summary>
    public const string Reached = "goal-reached";

    /// <summary>Whose they are. No source may call itself so.</summary>
    public const string Source = "laurel:goals";
}
