using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Leaderboards;

/// <summary>Somebody with data in the period. The name decides nothing but the order of people who share a rank.</summary>
public readonly record struct Competitor(PersonKey Person, string Name, Rollup Rollup);

/// <summary>A place on a board. Equal values share a rank: 1, 2, 2, 4.</summary>
/// <param name="Count">How many activities the value is made of.</param>
public readonly record struct Standing(int Rank, PersonKey Person, MetricValue Value, long Count);
