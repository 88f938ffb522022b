namespace Laurel.Engine.Kernel;

/// <summary>The surrogate key of a person.</summary>
public readonly record struct PersonKey(long Value) : IComparable<PersonKey>
{
    public int CompareTo(PersonKey other) => Value.CompareTo(other.Value);
}

/// <summary>The surrogate key of one version of a metric; a rule names the version.</summary>
public readonly record struct MetricKey(long Value) : IComparable<MetricKey>
{
    public int CompareTo(MetricKey other) => Value.CompareTo(other.Value);
}

/// <summary>The surrogate key of an achievement.</summary>
public readonly record struct AchievementKey(long Value);
