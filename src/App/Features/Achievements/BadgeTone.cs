namespace Laurel.App.Features.Achievements;

/// <summary>What earning a badge says of somebody's work: the tone of an achievement.</summary>
public enum BadgeTone
{
    Positive,
    Playful,
    /// <summary>Off when it is made, and private: see <see cref="Achievement.IsPrivate"/>.</summary>
    Negative,
}
