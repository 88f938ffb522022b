namespace Laurel.Engine.Achievements;

/// <summary>Who sees the badges of colleagues: a setting of the organisation.</summary>
public enum ColleaguesSee { Nobody, OwnTeam, Everybody }

/// <summary>What somebody sees of a badge that a person has earned.</summary>
public enum BadgeSight
{
    Nothing,

    /// <summary>A locked one without a name.</summary>
    Locked,
    Named,
}

/// <summary>How a person stands to who is looking.</summary>
/// <param name="IsInScope">Who is looking may view the achievements of this person: the leader's view.</param>
/// <param name="IsOfTeam">Both are in the same team today; nobody is in no team.</param>
/// <param name="Shares">The person has not opted out.</param>
public readonly record struct Regard(bool IsSelf, bool IsInScope, bool IsOfTeam, bool Shares);

/// <summary>What is seen of a badge by who looks at it: the one place that decides it.</summary>
public static class Recognition
{
    /// <summary>Whether anything is seen of what the person has earned.</summary>
    /// <param name="may">Who is looking holds the permission to see colleagues' recognition.</param>
    public static bool IsOpen(ColleaguesSee setting, bool may, Regard person) =>
        person.IsSelf || person.IsInScope || (may && person.Shares && setting switch
        {
            ColleaguesSee.Nobody => false,
            ColleaguesSee.OwnTeam => person.IsOfTeam,
            ColleaguesSee.Everybody => true,
        });

    /// <param name="isSecret">It has no name for who is looking: hidden, and not earned.</param>
    /// <param name="isNegative">Colleagues see none of these; the holder and the leader do.</param>
    public static BadgeSight Of(ColleaguesSee setting, bool may, Regard person, bool isSecret, bool isNegative)
    {
        if (!IsOpen(setting, may, person)) return BadgeSight.Nothing;
        if (person.IsSelf || person.IsInScope) return BadgeSight.Named;
        if (isNegative) return BadgeSight.Nothing;
        return isSecret ? BadgeSight.Locked : BadgeSight.Named;
    }
}
