import Learner
import Testing

@Suite struct ScheduleTests {
  @Test func constantIsOne() { for step in 1...20 { #expect(Schedule.constant.factor(atStep: step) == 1) } }

  @Test func warmUpsRiseInALine() {
    #expect((1...12).map(Schedule(warmUp: 10).factor) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1])
    #expect((1...6).map(Schedule(warmUp: 4, start: .oneStep).factor) == [0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func cosinesFallFromOneToTheirEnd() {
    let schedule = Schedule(decay: .cosine(steps: 8, final: 0.2))
    #expect(schedule.factor(atStep: 1) == 1)
    #expect((schedule.factor(atStep: 5) - 0.6).magnitude < 1e-15)
    for step in 9...12 { #expect((schedule.factor(atStep: step) - 0.2).magnitude < 1e-15) }
    for step in 1...8 { #expect(schedule.factor(atStep: step) > schedule.factor(atStep: step + 1)) }
  }

  @Test func theDecayBeginsWhenTheRiseHasEnded() {
    let both = Schedule(warmUp: 5, decay: .cosine(steps: 10))
    for step in 1...6 { #expect(both.factor(atStep: step) == Schedule(warmUp: 5).factor(atStep: step)) }
    for step in 1...15 {
      #expect(both.factor(atStep: step + 5) == Schedule(decay: .cosine(steps: 10)).factor(atStep: step))
    }
  }
}
