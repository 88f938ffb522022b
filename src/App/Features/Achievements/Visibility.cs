namespace Laurel.App.Features.Achievements;

/// <summary>Until when an achievement keeps its name, rule and target from an agent.</summary>
public enum Visibility
{
    Shown,
    /// <summary>Until the agent has earned it.</summary>
    Hidden,
    /// <summary>Until the agent has earned the step before it on its path; a first step is shown.</summary>
    Previous,
}
